package dev.tidewatch.sigma;

import static dev.tidewatch.diagnostic.DiagnosticCode.BAD_RULE_TESTS;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.sigma.RuleTests.ExpectedEpisode;
import dev.tidewatch.sigma.RuleTests.StreamEvent;
import dev.tidewatch.sigma.RuleTests.StreamTest;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlNode.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code streams:} of a tests file. */
final class StreamTestsReader {
  private static final int MOST_EVENTS = 100_000;
  private static final List<String> STREAM_KEYS = List.of("name", "events", "episodes");
  private static final List<String> EVENT_KEYS = List.of("at", "repeat", "every", "event");
  private static final List<String> EPISODE_KEYS =
      List.of("rule", "count", "group", "first", "opened", "last");
  private static final Pattern TIME = Pattern.compile("([0-9]{1,12})(us|ms|s|m|h|d|w)");

  private final Diagnostics diagnostics;
  private final List<StreamTest> tests = new ArrayList<>();

  StreamTestsReader(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  List<StreamTest> tests() {
    return tests;
  }

  void read(YamlNode streams) {
    if (!(streams instanceof Sequence sequence)) {
      bad(streams, "'streams' must be a list", "write - events: [...]");
      return;
    }
    sequence.items().forEach(this::stream);
  }

  private void stream(YamlNode node) {
    if (!(node instanceof Mapping stream) || !stream.has("events") || !stream.has("episodes")) {
      bad(
          node,
          "a stream is a map with events and episodes",
          "write episodes: [] when none may come of it");
      return;
    }
    requireKnown(stream, STREAM_KEYS);
    List<StreamEvent> events = new ArrayList<>();
    items(stream, "events").forEach(event -> event(event, events));
    List<ExpectedEpisode> episodes = new ArrayList<>();
    items(stream, "episodes").forEach(episode -> episode(episode).ifPresent(episodes::add));
    String name = text(stream, "name").orElse("stream " + (tests.size() + 1));
    tests.add(new StreamTest(name, events, episodes, node.place()));
  }

  private List<Mapping> items(Mapping stream, String key) {
    YamlNode list = stream.entry(key).map(Entry::value).orElseThrow();
    if (!(list instanceof Sequence sequence)) {
      bad(list, "'" + key + "' must be a list", "");
      return List.of();
    }
    List<Mapping> items = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      if (item instanceof Mapping mapping) {
        items.add(mapping);
      } else {
        bad(item, "each of '" + key + "' is a map, not " + item.kindName(), "");
      }
    }
    return items;
  }

  private void event(Mapping node, List<StreamEvent> events) {
    requireKnown(node, EVENT_KEYS);
    Optional<String> payload = node.entry("event").flatMap(e -> payload(e.value()));
    if (payload.isEmpty()) {
      bad(node, "an event of a stream has at: and event:", "write - {at: 10s, event: {...}}");
      return;
    }
    Duration at = time(node, "at").orElse(Duration.ZERO);
    Duration every = time(node, "every").orElse(Duration.ofSeconds(1));
    long repeat = number(node, "repeat").orElse(1L);
    if (repeat < 1 || events.size() + repeat > MOST_EVENTS) {
      bad(node, "'repeat' lies between 1 and what makes " + MOST_EVENTS + " events a stream", "");
      return;
    }
    for (int n = 1; n <= repeat; n++) {
      events.add(
          new StreamEvent(
              at.plus(every.multipliedBy(n - 1)),
              payload.get().replace("${n}", Integer.toString(n))));
    }
  }

  private static Optional<String> payload(YamlNode event) {
    if (event instanceof Mapping) {
      return Optional.of(RuleTestsReader.json(event).toString());
    }
    return event instanceof Scalar scalar && scalar.kind() == Scalar.Kind.TEXT
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  private Optional<ExpectedEpisode> episode(Mapping node) {
    requireKnown(node, EPISODE_KEYS);
    Optional<String> rule = text(node, "rule");
    if (rule.isEmpty()) {
      bad(node, "an expected episode names its rule", "write rule: with its id, name or title");
      return Optional.empty();
    }
    return Optional.of(
        new ExpectedEpisode(
            rule.get(),
            number(node, "count"),
            group(node),
            time(node, "first"),
            time(node, "opened"),
            time(node, "last"),
            node.place()));
  }

  private Map<String, String> group(Mapping episode) {
    Optional<YamlNode> node = episode.entry("group").map(Entry::value);
    Map<String, String> group = new LinkedHashMap<>();
    if (node.isPresent() && node.get() instanceof Mapping values) {
      for (Entry entry : values.entries()) {
        if (entry.value() instanceof Scalar value) {
          group.put(entry.key().text(), value.text());
        }
      }
    } else if (node.isPresent()) {
      bad(node.get(), "'group' is a map of group-by fields to values", "");
    }
    return group;
  }

  private Optional<Duration> time(Mapping node, String key) {
    Optional<String> text = text(node, key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Matcher shape = TIME.matcher(text.get());
    if (!shape.matches()) {
      if (text.get().equals("0")) {
        return Optional.of(Duration.ZERO);
      }
      bad(
          node.entry(key).orElseThrow().value(),
          "'" + text.get() + "' is no time since the stream's start",
          "a whole number and us, ms, s, m, h, d or w: 90s");
      return Optional.empty();
    }
    long number = Long.parseLong(shape.group(1));
    return Optional.of(
        switch (shape.group(2)) {
          case "us" -> Duration.ofNanos(number * 1_000);
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          case "d" -> Duration.ofDays(number);
          default -> Duration.ofDays(7 * number);
        });
  }

  private Optional<Long> number(Mapping node, String key) {
    Optional<String> text = text(node, key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.get().matches("[0-9]{1,9}")) {
      bad(node.entry(key).orElseThrow().value(), "'" + key + "' is a whole number", "");
      return Optional.empty();
    }
    return Optional.of(Long.parseLong(text.get()));
  }

  private static Optional<String> text(Mapping node, String key) {
    return node.entry(key)
        .map(Entry::value)
        .filter(Scalar.class::isInstance)
        .map(value -> ((Scalar) value).text());
  }

  private void requireKnown(Mapping node, List<String> keys) {
    for (Entry entry : node.entries()) {
      String key = entry.key().text();
      if (!keys.contains(key)) {
        diagnostics.add(
            BAD_RULE_TESTS,
            entry.key().place(),
            "unknown key '" + key + "'",
            Suggestion.didYouMean(key, keys, String.join(", ", keys)));
      }
    }
  }

  private void bad(YamlNode node, String message, String remedy) {
    diagnostics.add(BAD_RULE_TESTS, node.place(), message, remedy);
  }
}
