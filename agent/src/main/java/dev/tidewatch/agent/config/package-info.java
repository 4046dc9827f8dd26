/**
 * The agent's configuration: a file of {@code key = value} lines. {@link
 * dev.tidewatch.agent.config.Settings} knows every key with its default and what it means, reads a
 * file with all its problems, each with line and key, and gives out options.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.config;
