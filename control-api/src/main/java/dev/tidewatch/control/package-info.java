/**
 * The control API: one port with gRPC, the same as JSON, the console's assets, metrics and health.
 *
 * <p>{@link dev.tidewatch.control.ControlServer} puts it together from {@link
 * dev.tidewatch.control.ControlOptions}. A request passes the host check and the security headers
 * ({@code web}), is validated ({@code request}), and is answered by the endpoint of its service:
 * {@code alert}, {@code event}, {@code rule}, {@code pipeline}. JSON is transcoded from the
 * protobufs' own HTTP annotations; only the alert stream as server-sent events is written by hand.
 */
@NullMarked
package dev.tidewatch.control;

import org.jspecify.annotations.NullMarked;
