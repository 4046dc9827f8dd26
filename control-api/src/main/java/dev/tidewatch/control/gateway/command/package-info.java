/**
 * Commands to agents: signed, brought to the agent's stream, and answered.
 *
 * <p>{@link dev.tidewatch.control.gateway.command.Commands} issues them and keeps a journal of
 * every command and result; {@link dev.tidewatch.control.gateway.command.CommandSigner} holds the
 * key that agents learnt when they enrolled; {@link
 * dev.tidewatch.control.gateway.command.EvidenceFiles} takes the files that agents collect.
 */
@NullMarked
package dev.tidewatch.control.gateway.command;

import org.jspecify.annotations.NullMarked;
