/**
 * Syslog over TCP and TLS. {@link dev.tidewatch.control.gateway.syslog.SyslogServer} listens,
 * {@link dev.tidewatch.control.gateway.syslog.SyslogFrames} cuts the stream into messages (RFC
 * 6587: octet counting or lines), {@link dev.tidewatch.control.gateway.syslog.SyslogMessage} reads
 * RFC 5424 and 3164, {@link dev.tidewatch.control.gateway.syslog.Cef} what some send inside.
 *
 * <p>Syslog has no acknowledgements: what TCP has delivered and Kafka has not is lost with the
 * gateway. So a connection is read only while few of its messages are under way.
 */
@NullMarked
package dev.tidewatch.control.gateway.syslog;

import org.jspecify.annotations.NullMarked;
