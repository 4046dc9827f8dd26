/**
 * The endpoint agent: collectors, disk spool, sender, responder, updater. Comes alive with the
 * telemetry gateway.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent;
