package dev.tidewatch.remember;

import dev.tidewatch.remember.Conditions.Finding;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * The one line that says why: {@code 12 distinct TargetUserName in 9m 40s by IpAddress=10.0.0.1}.
 */
public final class EpisodeReason {
  private static final int MAX_FINDINGS = 4;
  private static final int MAX_VALUE = 80;

  private EpisodeReason() {}

  public static String of(GroupKey key, StatefulRule rule, EpisodeUpdate episode) {
    StringBuilder reason = new StringBuilder(what(episode));
    long micros = episode.lastMicros() - episode.firstMicros();
    if (micros > 0) {
      reason.append(" in ").append(length(Duration.ofNanos(micros * 1_000)));
    }
    if (key.size() > 0) {
      reason.append(" by ").append(group(key, rule));
    }
    return reason.toString();
  }

  /** {@code IpAddress=10.0.0.1, User=ann}; {@code the only group} without group-by. */
  public static String group(GroupKey key, StatefulRule rule) {
    if (key.size() == 0) {
      return "the only group";
    }
    StringJoiner group = new StringJoiner(", ");
    for (int i = 0; i < key.size(); i++) {
      group.add(rule.groupBy().get(i) + "=" + ValueText.line(key.value(i), MAX_VALUE));
    }
    return group.toString();
  }

  private static String what(EpisodeUpdate episode) {
    List<Finding> findings = episode.findings();
    if (findings.isEmpty()) {
      return episode.count() + (episode.count() == 1 ? " match" : " matches");
    }
    return findings.stream()
        .limit(MAX_FINDINGS)
        .map(EpisodeReason::text)
        .collect(Collectors.joining(", "));
  }

  /** What was counted reads best with the number first. */
  private static String text(Finding finding) {
    String value = ValueText.line(finding.value(), MAX_VALUE);
    return finding.field().indexOf(' ') > 0
        ? value + " " + finding.field()
        : finding.field() + "=" + value;
  }

  /** The two largest units: {@code 9m 40s}, {@code 2d 3h}; below a second, milliseconds. */
  private static String length(Duration length) {
    if (length.compareTo(Duration.ofSeconds(1)) < 0) {
      return Math.max(1, length.toMillis()) + "ms";
    }
    String[] parts = {
      part(length.toDays(), "d"),
      part(length.toHoursPart(), "h"),
      part(length.toMinutesPart(), "m"),
      part(length.toSecondsPart(), "s")
    };
    return java.util.Arrays.stream(parts)
        .filter(part -> !part.isEmpty())
        .limit(2)
        .collect(Collectors.joining(" "));
  }

  private static String part(long number, String unit) {
    return number == 0 ? "" : number + unit;
  }
}
