package dev.tidewatch.control.pipeline;

import java.util.OptionalLong;

/**
 * What Kafka says.
 *
 * @param written records ever written to {@code telemetry}: its end offsets
 * @param uncommitted records that the job's group has not committed; it commits with each
 *     checkpoint, so this counts what is at most that old. Empty before the first
 */
record KafkaReading(long written, OptionalLong uncommitted) {}
