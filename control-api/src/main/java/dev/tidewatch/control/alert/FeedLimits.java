package dev.tidewatch.control.alert;

import java.time.Duration;

/**
 * How feeds poll and what they hold.
 *
 * @param poll pause between two polls of a tenant; default 300 ms
 * @param heartbeat a stream is never silent for longer; default 5 s
 * @param longestOutage the store may be away this long before streams are ended; default 30 s
 * @param idle a feed without subscribers keeps its place this long; default 5 min
 * @param streams most open streams; default 256
 * @param feeds most tenants whose place is kept; default 32
 * @param historyBytes of published alerts per tenant; default 2 MiB
 * @param bufferBytes that a slow client may leave; more than the history; default 4 MiB
 * @param recheck between two looks at whether a stream's caller may still have it; default 2 s
 */
public record FeedLimits(
    Duration poll,
    Duration heartbeat,
    Duration longestOutage,
    Duration idle,
    int streams,
    int feeds,
    long historyBytes,
    long bufferBytes,
    Duration recheck) {
  public static FeedLimits defaults() {
    return new FeedLimits(
        Duration.ofMillis(300),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        256,
        32,
        2L << 20,
        4L << 20,
        Duration.ofSeconds(2));
  }

  /** The same with another {@link #longestOutage}. */
  public FeedLimits withLongestOutage(Duration longest) {
    return new FeedLimits(
        poll, heartbeat, longest, idle, streams, feeds, historyBytes, bufferBytes, recheck);
  }
}
