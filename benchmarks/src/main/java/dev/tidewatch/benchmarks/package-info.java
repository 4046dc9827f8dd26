/**
 * Measurements: JMH for parts, {@link dev.tidewatch.benchmarks.EndToEndBenchmark} for the whole.
 * Results are in {@code docs/benchmarks/}.
 */
@NullMarked
package dev.tidewatch.benchmarks;

import org.jspecify.annotations.NullMarked;
