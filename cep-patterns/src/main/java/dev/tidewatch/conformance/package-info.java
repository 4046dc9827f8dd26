/**
 * The conformance kit of {@code docs/conformance}: cases that say what a Sigma engine must do, as
 * data, and a protocol of lines of JSON by which any engine can be asked. {@link
 * dev.tidewatch.conformance.ConformanceKit} reads the cases, {@link
 * dev.tidewatch.conformance.TidewatchEngine} answers them, {@link
 * dev.tidewatch.conformance.EngineProcess} asks another program, and {@link
 * dev.tidewatch.conformance.KitReport} holds the answers against what is expected.
 */
@NullMarked
package dev.tidewatch.conformance;

import org.jspecify.annotations.NullMarked;
