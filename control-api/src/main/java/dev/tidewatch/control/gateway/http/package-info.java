/**
 * Events over HTTP with an API key: {@code POST /v1/telemetry} as NDJSON. {@link
 * dev.tidewatch.control.gateway.http.KeyedIngest} is what it shares with OTLP: whose key it is,
 * whether the tenant's quota and the gateway's memory have room, and waiting for Kafka.
 */
@NullMarked
package dev.tidewatch.control.gateway.http;

import org.jspecify.annotations.NullMarked;
