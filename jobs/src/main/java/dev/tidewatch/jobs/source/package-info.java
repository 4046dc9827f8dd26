/**
 * From a Kafka record to an event that is ready to match: {@link
 * dev.tidewatch.jobs.source.TelemetryDeserializer} decodes each record exactly once into an {@link
 * dev.tidewatch.jobs.source.InboundRecord}, which is an event or a dead letter.
 */
@NullMarked
package dev.tidewatch.jobs.source;

import org.jspecify.annotations.NullMarked;
