/**
 * Decides correlations: {@link dev.tidewatch.correlation.machine.CorrelationMachines} makes a
 * machine of a plan.
 *
 * <p>{@link dev.tidewatch.correlation.machine.RecentCountMachine} is Sigma's {@code event_count}
 * with a lower bound, by far the most frequent, in as little memory as possible. All others are
 * {@link dev.tidewatch.correlation.machine.WindowMachine}s: that one knows when windows begin and
 * end, its kinds know what is kept of a window. A match costs O(1) amortised; O(log n) and a move
 * of memory for percentiles, O(rules) for the temporal ones.
 *
 * <p>Every state says in {@link dev.tidewatch.correlation.machine.CorrelationFormats} how it is
 * read back from a checkpoint.
 */
@NullMarked
package dev.tidewatch.correlation.machine;

import org.jspecify.annotations.NullMarked;
