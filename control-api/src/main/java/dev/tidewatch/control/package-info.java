/**
 * The control API: one port with gRPC, the same as JSON, the console's assets, metrics and health.
 *
 * <p>{@link dev.tidewatch.control.ControlServer} puts it together from {@link
 * dev.tidewatch.control.ControlOptions}. A request passes the host check and the security headers
 * ({@code web}), its caller is found out and authorized ({@code access}), it is validated ({@code
 * request}), and it is answered by the endpoint of its service: {@code alert}, {@code event},
 * {@code rule}, {@code pipeline}, {@code account}, {@code tenant}, {@code audit}. What changes,
 * changes in one transaction with its audit record ({@code change}, {@code database}). JSON is
 * transcoded from the protobufs' own HTTP annotations; only the alert stream as server-sent events
 * is written by hand.
 */
@NullMarked
package dev.tidewatch.control;

import org.jspecify.annotations.NullMarked;
