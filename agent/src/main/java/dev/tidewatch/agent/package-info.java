/**
 * The endpoint agent: sees what happens on a machine, keeps it on disk until the gateway has it,
 * and does what the gateway may ask for.
 *
 * <p>{@link dev.tidewatch.agent.Agent} puts the parts together: {@code collect} → {@code batch} →
 * {@code spool} → {@code send}, and {@code respond} the other way. {@link
 * dev.tidewatch.agent.AgentRun} runs it until it is told to stop, and again when its configuration
 * changes; {@link dev.tidewatch.agent.AgentMain} is the command of the jar that runs alone. {@code
 * enroll} says who the agent is, {@code config} what it does. Small enough for 80 MB: no logging
 * framework, no object mapper, gRPC over okhttp.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent;
