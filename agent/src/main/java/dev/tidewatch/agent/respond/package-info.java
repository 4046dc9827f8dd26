/**
 * What the agent does when it is told to.
 *
 * <p>{@link dev.tidewatch.agent.respond.Responder} takes signed commands: {@link
 * dev.tidewatch.agent.respond.CommandVerifier} believes only keys named at enrolment, only commands
 * for this agent, in their time, and each once ({@link dev.tidewatch.agent.respond.NonceStore}
 * remembers over restarts). Each kind of command is an {@link dev.tidewatch.agent.respond.Action}
 * of its own; there is no way to run a shell. Paths are walked from the root without following
 * links ({@link dev.tidewatch.agent.respond.SafeDirectory}).
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.respond;
