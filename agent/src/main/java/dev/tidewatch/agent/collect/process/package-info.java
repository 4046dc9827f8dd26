/**
 * Processes that start and end, as Sigma's {@code process_creation} and {@code
 * process_termination}.
 *
 * <p>{@link dev.tidewatch.agent.collect.process.ProcessCollector} listens to the kernel's process
 * connector ({@link dev.tidewatch.agent.collect.process.ProcessConnector}) where that is permitted,
 * and compares {@code /proc} with its last look otherwise. The thread that listens does nothing but
 * read {@code /proc} of a process that has just begun, because it may be gone a millisecond later;
 * hashing and emitting happen in a second one.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.collect.process;
