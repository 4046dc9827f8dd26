/**
 * The way to the gateway: one bidirectional stream over mutual TLS 1.3.
 *
 * <p>{@link dev.tidewatch.agent.send.Sender} opens it, again and again with a jittered, growing
 * pause; {@link dev.tidewatch.agent.send.Session} is one stream: hello, welcome, then batches of
 * the spool within the credit that the gateway grants; acknowledgements trim the spool. Commands
 * come down the same stream and go to a {@link dev.tidewatch.agent.send.GatewayListener}, their
 * results go up from {@link dev.tidewatch.agent.send.Replies}.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.send;
