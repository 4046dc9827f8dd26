/**
 * The event: how telemetry is named, read and recognised, and the shapes that every other module
 * shares.
 *
 * <p>A Kafka record is one {@code TelemetryEvent}; {@link dev.tidewatch.events.TelemetryCodec}
 * reads and writes it. {@link dev.tidewatch.events.EventReader} makes an {@link
 * dev.tidewatch.events.EventDocument} of its payload: JSON within limits ({@code PayloadReader}),
 * then what it is ({@code Recognition}: shape, log sources, aliases), then when it happened ({@code
 * EventTime}). The document answers fields under Sigma's names and gives itself as an {@link
 * dev.tidewatch.events.OcsfEvent}.
 *
 * <p>What senders look like is data, in this package's resources: {@code shapes.table} (who lays
 * out events how), {@code log-sources.table} (which record is which log source and OCSF class),
 * {@code field-aliases.table} (names), {@code ocsf-columns.table} and {@code ocsf-summaries.table}.
 * A fault in a table stops the start, never an event. A payload that cannot be read is a {@link
 * dev.tidewatch.events.MalformedEventException} with a code of {@link
 * dev.tidewatch.events.Malformation}.
 */
@NullMarked
package dev.tidewatch.events;

import org.jspecify.annotations.NullMarked;
