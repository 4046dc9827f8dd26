/**
 * Streams of agents.
 *
 * <p>{@link dev.tidewatch.control.gateway.agent.TelemetryEndpoint} lets an agent in by its
 * certificate and gives it an {@link dev.tidewatch.control.gateway.agent.AgentStream}. A batch is
 * checked against {@link dev.tidewatch.control.gateway.agent.SpoolProgress} (seen before?), its
 * bytes reserved, its block opened by {@link dev.tidewatch.control.gateway.agent.Blocks}, its
 * events sent; when Kafka has them, the acknowledgement and the next credit go into the {@link
 * dev.tidewatch.control.gateway.agent.Outbox}. {@link
 * dev.tidewatch.control.gateway.agent.AgentStreams} knows who is connected and ends the streams of
 * those who were revoked, have expired, are idle or do not read.
 */
@NullMarked
package dev.tidewatch.control.gateway.agent;

import org.jspecify.annotations.NullMarked;
