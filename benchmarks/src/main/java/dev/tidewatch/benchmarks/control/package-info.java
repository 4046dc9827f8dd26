/**
 * The control API under load: {@link dev.tidewatch.benchmarks.control.ControlBenchmark} fills
 * ClickHouse ({@code AlertFill}) and PostgreSQL, starts a control API, measures searches one after
 * another ({@code SearchRun}) and then mixed requests at a fixed rate ({@code MixedLoad}).
 */
@NullMarked
package dev.tidewatch.benchmarks.control;

import org.jspecify.annotations.NullMarked;
