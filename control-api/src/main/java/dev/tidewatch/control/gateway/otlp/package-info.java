/**
 * OpenTelemetry logs, as OTLP over gRPC and over HTTP (protobuf and JSON). {@link
 * dev.tidewatch.control.gateway.otlp.LogEvents} makes events of log records; what comes behind is
 * the same as for every other way in. Source: https://opentelemetry.io/docs/specs/otlp/
 */
@NullMarked
package dev.tidewatch.control.gateway.otlp;

import org.jspecify.annotations.NullMarked;
