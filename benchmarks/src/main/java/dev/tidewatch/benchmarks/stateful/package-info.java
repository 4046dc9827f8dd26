/**
 * What remembering costs, without Flink: {@link dev.tidewatch.benchmarks.stateful.MachineBenchmark}
 * drives groups of each kind of stateful rule as the operator does, and counts matches and bytes.
 */
@NullMarked
package dev.tidewatch.benchmarks.stateful;

import org.jspecify.annotations.NullMarked;
