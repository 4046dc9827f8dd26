package dev.tidewatch.coverage;

import dev.tidewatch.events.LogSource;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import java.util.List;
import java.util.stream.Stream;

/**
 * A rule of any kind, as lists show it.
 *
 * @param kind {@code detection}, or what a stateful rule calls itself: {@code event_count}, …
 * @param logSource {@link LogSource#UNKNOWN} for stateful rules
 */
public record ListedRule(
    String id,
    String title,
    String level,
    String status,
    String file,
    String kind,
    LogSource logSource,
    List<String> tags,
    List<String> techniqueIds,
    List<String> tactics) {
  public ListedRule {
    tags = List.copyOf(tags);
    techniqueIds = List.copyOf(techniqueIds);
    tactics = List.copyOf(tactics);
  }

  /** Detection rules, then correlations and patterns. */
  public static List<ListedRule> all(Compilation compilation) {
    return Stream.concat(
            compilation.rules().stream().map(ListedRule::of),
            compilation.stateful().stream().map(ListedRule::of))
        .toList();
  }

  public static ListedRule of(SigmaRule rule) {
    return new ListedRule(
        rule.id(),
        rule.title(),
        rule.level(),
        rule.status(),
        rule.file(),
        "detection",
        rule.logSource(),
        rule.tags(),
        rule.techniqueIds(),
        rule.tactics());
  }

  public static ListedRule of(StatefulRule rule) {
    return new ListedRule(
        rule.id(),
        rule.head().title(),
        rule.head().level(),
        rule.head().status(),
        rule.file(),
        rule.kind(),
        LogSource.UNKNOWN,
        rule.head().tags(),
        rule.techniqueIds(),
        rule.tactics());
  }
}
