/**
 * The way out. {@link dev.tidewatch.jobs.sink.StoreSink} writes to ClickHouse in batches that are
 * sent again until they are stored; {@link dev.tidewatch.jobs.sink.KafkaSinks} makes the Kafka
 * sinks of alerts and dead letters.
 */
@NullMarked
package dev.tidewatch.jobs.sink;

import org.jspecify.annotations.NullMarked;
