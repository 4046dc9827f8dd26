/**
 * Streams of agents.
 *
 * <p>{@link dev.tidewatch.control.gateway.agent.TelemetryEndpoint} lets an agent in by its
 * certificate and gives it an {@link dev.tidewatch.control.gateway.agent.AgentStream}, whose
 * batches go through its {@link dev.tidewatch.control.gateway.agent.BatchIntake}: paid for with
 * {@link dev.tidewatch.control.gateway.agent.StreamCredit}, checked against {@link
 * dev.tidewatch.control.gateway.agent.SpoolProgress} (seen before?), bytes reserved, the block
 * opened by {@link dev.tidewatch.control.gateway.agent.Blocks}, its events sent; when Kafka has
 * them, the acknowledgement and the next credit go into the {@link
 * dev.tidewatch.control.gateway.agent.Outbox}. {@link
 * dev.tidewatch.control.gateway.agent.AgentStreams} knows who is connected and ends the streams of
 * those who were revoked, have expired, are idle or do not read.
 */
@NullMarked
package dev.tidewatch.control.gateway.agent;

import org.jspecify.annotations.NullMarked;
