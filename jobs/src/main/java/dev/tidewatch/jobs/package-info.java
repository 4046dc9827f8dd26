/**
 * The Flink programs. {@link dev.tidewatch.jobs.DetectionJob} is the main one: telemetry from Kafka
 * is decoded once ({@code source}), matched against the rules ({@code match}), and events, alerts
 * and dead letters leave for ClickHouse and Kafka ({@code sink}). All of it is one chain per slot:
 * nothing is serialized or shuffled between Kafka and the sinks. Its options are {@code
 * options.DetectionOptions}; {@link dev.tidewatch.jobs.LocalCluster} runs it inside this process.
 */
@NullMarked
package dev.tidewatch.jobs;

import org.jspecify.annotations.NullMarked;
