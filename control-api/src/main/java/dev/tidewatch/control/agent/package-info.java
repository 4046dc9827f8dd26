/**
 * Agents, as people and programs deal with them: {@code AgentService}.
 *
 * <p>{@link dev.tidewatch.control.agent.AgentEndpoint} reads what gateways report, and writes what
 * they bring to agents: commands and configurations, signed here by {@link
 * dev.tidewatch.control.agent.AgentOrders} with the control API's key, which agents learn when they
 * enrol. Gateways find all that in the database ({@code gateway.registry}).
 */
@NullMarked
package dev.tidewatch.control.agent;

import org.jspecify.annotations.NullMarked;
