package dev.tidewatch.control.gateway.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long streams may be silent.
 *
 * @param hello {@code gateway.hello-timeout}: until an agent says who it is; default 10 s
 * @param handshake {@code gateway.handshake-timeout}: until TLS is agreed on; default 10 s
 * @param idle {@code gateway.idle-timeout}: without any message; default 90 s
 * @param heartbeat {@code gateway.heartbeat-interval}: how often agents are asked to report;
 *     shorter than idle; default 30 s
 * @param slowClient {@code gateway.slow-client-timeout}: for which an agent may leave answers
 *     unread; default 30 s
 * @param sweep {@code gateway.sweep-interval}: between two looks at all streams, which end those of
 *     revoked agents too; at most 4 s; default 1 s
 */
public record StreamTimeouts(
    Duration hello,
    Duration handshake,
    Duration idle,
    Duration heartbeat,
    Duration slowClient,
    Duration sweep) {
  public static final StreamTimeouts DEFAULT =
      new StreamTimeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(90),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(1));

  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration LONGEST_SWEEP = Duration.ofSeconds(4);

  /** Everything that is out of range, a line each that begins with its key. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    within(problems, "gateway.hello-timeout", hello, LONGEST);
    within(problems, "gateway.handshake-timeout", handshake, LONGEST);
    within(problems, "gateway.idle-timeout", idle, LONGEST);
    within(problems, "gateway.heartbeat-interval", heartbeat, LONGEST);
    within(problems, "gateway.slow-client-timeout", slowClient, LONGEST);
    within(problems, "gateway.sweep-interval", sweep, LONGEST_SWEEP);
    if (heartbeat.compareTo(idle) >= 0) {
      problems.add("gateway.heartbeat-interval: must be shorter than gateway.idle-timeout");
    }
    return problems;
  }

  private static void within(List<String> problems, String key, Duration value, Duration most) {
    if (value.toMillis() < 50 || value.compareTo(most) > 0) {
      problems.add(key + ": must be from 50 ms to " + most.toSeconds() + " s");
    }
  }
}
