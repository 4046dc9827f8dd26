/**
 * Text logs, line by line. {@link dev.tidewatch.agent.collect.log.LogCollector} follows files
 * through rotation, truncation and replacement ({@link dev.tidewatch.agent.collect.log.TailedFile})
 * and goes on where it was after a restart ({@link dev.tidewatch.agent.collect.log.Positions});
 * {@link dev.tidewatch.agent.collect.log.JournalCollector} reads journald. A {@link
 * dev.tidewatch.agent.collect.log.LineParser} makes of a line the fields that rules ask for.
 *
 * <p>Nothing is taken to be text: bytes that are no UTF-8 are replaced, a line without an end costs
 * no more memory than the limit.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.collect.log;
