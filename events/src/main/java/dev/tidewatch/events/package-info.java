/**
 * The event: how telemetry is named, read and recognised, and the shapes that every other module
 * shares.
 *
 * <p>A Kafka record is one {@code TelemetryEvent}. {@link dev.tidewatch.events.EventDocument} reads
 * its payload: log source (by the table in {@code log-sources.table}), event time, host, Sigma
 * fields; {@link dev.tidewatch.events.OcsfEvent} is the same event in OCSF columns.
 */
@NullMarked
package dev.tidewatch.events;

import org.jspecify.annotations.NullMarked;
