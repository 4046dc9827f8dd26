package dev.tidewatch.ruletest;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.events.v1.TimePolicy;
import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.match.Matcher;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.remember.BoundedRemember;
import dev.tidewatch.remember.BoundedRemember.FoundEpisode;
import dev.tidewatch.remember.MatchedEvent;
import dev.tidewatch.remember.Member;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.ruletest.RuleTestReport.StreamOutcome;
import dev.tidewatch.sigma.RuleTests.ExpectedEpisode;
import dev.tidewatch.sigma.RuleTests.StreamEvent;
import dev.tidewatch.sigma.RuleTests.StreamTest;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * Runs the streams of a tests file against the correlations and patterns of the rule file beside
 * it, with everything they refer to.
 */
final class StreamTestRunner {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final long START_MICROS = START.toEpochMilli() * 1_000;

  private final List<StatefulRule> tested;
  private final List<StatefulRule> rules;
  private final Matcher matcher;
  private final Set<String> silent;

  /**
   * @param file whose rules are tested
   * @param compilation of all files
   */
  StreamTestRunner(String file, Compilation compilation) {
    tested = compilation.stateful().stream().filter(rule -> rule.file().equals(file)).toList();
    silent = compilation.silent();
    Set<String> needed = new HashSet<>();
    List<StatefulRule> used = new ArrayList<>();
    // Each stands after those it refers to.
    for (int i = compilation.stateful().size() - 1; i >= 0; i--) {
      StatefulRule rule = compilation.stateful().get(i);
      if (tested.contains(rule) || needed.contains(rule.id())) {
        used.add(0, rule);
        rule.members().stream().map(Member::ruleId).forEach(needed::add);
      }
    }
    rules = used;
    matcher =
        new ExhaustiveMatcher(
            compilation.matched().stream().filter(rule -> needed.contains(rule.id())).toList());
  }

  List<StreamOutcome> run(List<StreamTest> tests) {
    return tests.stream().map(test -> new StreamOutcome(test, failure(test))).toList();
  }

  private String failure(StreamTest test) {
    if (tested.isEmpty()) {
      return "the rule file has no correlation and no pattern that compiles";
    }
    BoundedRemember remember = new BoundedRemember(rules);
    int fired = 0;
    for (int i = 0; i < test.events().size(); i++) {
      StreamEvent event = test.events().get(i);
      try {
        fired += feed(event, i, remember);
      } catch (MalformedEventException e) {
        return "event " + (i + 1) + " cannot be read: " + e.getMessage();
      }
    }
    List<FoundEpisode> found = remember.finish();
    if (!remember.problems().isEmpty()) {
      return String.join("; ", remember.problems());
    }
    String difference = difference(test.episodes(), found);
    return difference.isEmpty()
        ? ""
        : difference
            + "; "
            + remember.matches()
            + " matches of "
            + fired
            + " took part"
            + (remember.withoutGroup().isEmpty()
                ? ""
                : ", some lack a group-by field: " + remember.withoutGroup());
  }

  private int feed(StreamEvent event, int index, BoundedRemember remember)
      throws MalformedEventException {
    long micros = START_MICROS + micros(event.at());
    EventDocument document =
        EventDocument.parse(
            TelemetryEvent.newBuilder()
                .setObservedTimeUs(micros)
                .setTimePolicy(TimePolicy.TIME_POLICY_OBSERVED)
                .setPayload(ByteString.copyFromUtf8(event.payload()))
                .build());
    MatchedEvent matched = new MatchedEvent("default", document, micros, 0, index);
    List<RuleMatch> matches = matcher.match(document);
    matches.forEach(match -> remember.fired(match.rule().id(), matched));
    return matches.size();
  }

  private static long micros(Duration at) {
    return at.toNanos() / 1_000;
  }

  private String difference(List<ExpectedEpisode> expected, List<FoundEpisode> found) {
    List<FoundEpisode> left =
        new ArrayList<>(found.stream().filter(f -> tested.contains(f.rule())).toList());
    List<ExpectedEpisode> missing = new ArrayList<>();
    for (ExpectedEpisode episode : expected) {
      FoundEpisode match = left.stream().filter(f -> fits(episode, f)).findFirst().orElse(null);
      if (match == null) {
        missing.add(episode);
      } else {
        left.remove(match);
      }
    }
    left.removeIf(episode -> silent.contains(episode.rule().id()));
    StringJoiner difference = new StringJoiner("; ");
    missing.forEach(episode -> difference.add("no episode as in line " + line(episode)));
    left.forEach(episode -> difference.add("an episode nobody expects: " + describe(episode)));
    return difference.toString();
  }

  private static String line(ExpectedEpisode episode) {
    return episode.place().line() + " (" + episode.rule() + ")";
  }

  private static boolean fits(ExpectedEpisode expected, FoundEpisode found) {
    var episode = found.episode();
    return names(found.rule(), expected.rule())
        && expected.count().map(count -> count == episode.count()).orElse(true)
        && expected.first().map(at -> is(at, episode.firstMicros())).orElse(true)
        && expected.opened().map(at -> is(at, episode.openMicros())).orElse(true)
        && expected.last().map(at -> is(at, episode.lastMicros())).orElse(true)
        && group(found).entrySet().containsAll(expected.group().entrySet());
  }

  private static boolean names(StatefulRule rule, String name) {
    return rule.id().equals(name)
        || rule.head().name().equals(name)
        || rule.head().title().equals(name);
  }

  private static boolean is(Duration expected, long micros) {
    return START_MICROS + micros(expected) == micros;
  }

  private static Map<String, String> group(FoundEpisode found) {
    Map<String, String> group = new java.util.LinkedHashMap<>();
    for (int i = 0; i < found.key().size(); i++) {
      group.put(found.rule().groupBy().get(i), found.key().value(i));
    }
    return group;
  }

  private static String describe(FoundEpisode found) {
    var episode = found.episode();
    String group =
        group(found).entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining(", "));
    return "{rule: %s, count: %d, group: {%s}, first: %s, opened: %s, last: %s}"
        .formatted(
            found.rule().head().title(),
            episode.count(),
            group,
            since(episode.firstMicros()),
            since(episode.openMicros()),
            since(episode.lastMicros()));
  }

  private static String since(long micros) {
    long since = micros - START_MICROS;
    return since % 1_000_000 == 0
        ? since / 1_000_000 + "s"
        : since % 1_000 == 0 ? since / 1_000 + "ms" : since + "us";
  }
}
