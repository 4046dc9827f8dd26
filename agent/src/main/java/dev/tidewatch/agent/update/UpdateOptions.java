package dev.tidewatch.agent.update;

import java.time.Duration;

/**
 * How an agent updates itself.
 *
 * @param enabled whether it does
 * @param url of the repository, with a slash at its end; empty: the gateway's
 * @param channel whose releases it takes
 * @param interval between two looks, a quarter more or less
 * @param maxBytes of a file; larger releases are refused
 * @param trial in which a new version has to become healthy; whole seconds
 * @param healthyAfter how long without a connection a version has to run to count as healthy; zero:
 *     only a connection counts
 */
public record UpdateOptions(
    boolean enabled,
    String url,
    String channel,
    Duration interval,
    long maxBytes,
    Duration trial,
    Duration healthyAfter) {}
