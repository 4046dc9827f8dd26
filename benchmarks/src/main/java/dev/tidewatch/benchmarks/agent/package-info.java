/**
 * What the agent costs and how much it sees. {@link dev.tidewatch.benchmarks.agent.AgentBenchmark}
 * starts a Kafka broker and a gateway here and the agent in a process of its own with the flags of
 * its unit file, starts short processes at a given rate, and counts their start events in Kafka.
 * Results: {@code docs/benchmarks/ingest.md}.
 */
@NullMarked
package dev.tidewatch.benchmarks.agent;

import org.jspecify.annotations.NullMarked;
