/** Connections and their processes, as Sigma's {@code network_connection}. */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.collect.network;
