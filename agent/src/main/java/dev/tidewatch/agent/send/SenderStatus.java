package dev.tidewatch.agent.send;

/**
 * How sending goes.
 *
 * @param connected a gateway has said welcome
 * @param detail why not, when not
 * @param eventsSent that were acknowledged
 * @param refused events the gateway will never take
 * @param connections since the agent started
 */
public record SenderStatus(
    boolean connected, String detail, long eventsSent, long refused, long connections) {}
