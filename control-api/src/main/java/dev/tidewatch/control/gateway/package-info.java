/**
 * The telemetry gateway: everything through which events enter Tidewatch.
 *
 * <p>{@link dev.tidewatch.control.gateway.Gateway} puts it together from {@link
 * dev.tidewatch.control.gateway.GatewayOptions}, inside {@code tidewatch up} or alone. A TLS 1.3
 * port serves agents (gRPC with client certificates), their enrolment, OTLP and NDJSON (with API
 * keys); a plain port on loopback serves OTLP, NDJSON, metrics and administration; syslog has ports
 * of its own. Behind all of them is {@code ingest}: quota, memory, Kafka.
 *
 * <pre>
 *   agent ─ certificate ─┐
 *   OTLP, NDJSON ─ key ──┼─► quota ─► in-flight bytes ─► Kafka telemetry ─► acknowledged to the sender
 *   syslog ─ port ───────┘
 * </pre>
 */
@NullMarked
package dev.tidewatch.control.gateway;

import org.jspecify.annotations.NullMarked;
