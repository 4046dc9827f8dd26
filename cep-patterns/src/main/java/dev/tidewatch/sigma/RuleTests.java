package dev.tidewatch.sigma;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Test events that stand beside a rule file: {@code x.tests.yml} beside {@code x.yml}. The format
 * is described in {@code docs/reference/rule-tests.md}.
 *
 * @param file for messages
 * @param cases in the order of the file
 * @param streams in the order of the file
 * @param diagnostics what is wrong with the file; then cases and streams may be incomplete
 */
public record RuleTests(
    String file, List<Case> cases, List<StreamTest> streams, List<Diagnostic> diagnostics) {

  /**
   * One event.
   *
   * @param name for messages; its number where the file has none
   * @param shouldMatch whether a rule of the file must fire, or none may
   * @param payload the event, JSON
   * @param fields that the match must report
   * @param place in the tests file
   */
  public record Case(
      String name, boolean shouldMatch, String payload, List<ExpectedField> fields, Place place) {
    public Case {
      fields = List.copyOf(fields);
    }
  }

  /**
   * A field that made the rule fire.
   *
   * @param value empty: any value
   */
  public record ExpectedField(String name, Optional<String> value) {}

  /**
   * Events in time, and the episodes of correlations and patterns that must come of them.
   *
   * @param name for messages; its number where the file has none
   * @param events repeated ones once for each time, in the order of the file
   * @param episodes all there may be, in the order of the file
   * @param place in the tests file
   */
  public record StreamTest(
      String name, List<StreamEvent> events, List<ExpectedEpisode> episodes, Place place) {
    public StreamTest {
      events = List.copyOf(events);
      episodes = List.copyOf(episodes);
    }
  }

  /**
   * @param at since the stream's start
   * @param payload JSON
   */
  public record StreamEvent(Duration at, String payload) {}

  /**
   * What an episode must be; what is empty may be anything.
   *
   * @param rule id, name or title
   * @param group values by group-by field, as text; those not named may be anything
   * @param first time of its first match since the stream's start
   * @param opened when the condition became true
   * @param last time of its last match
   */
  public record ExpectedEpisode(
      String rule,
      Optional<Long> count,
      Map<String, String> group,
      Optional<Duration> first,
      Optional<Duration> opened,
      Optional<Duration> last,
      Place place) {
    public ExpectedEpisode {
      group = Map.copyOf(group);
    }
  }

  public RuleTests {
    cases = List.copyOf(cases);
    streams = List.copyOf(streams);
    diagnostics = List.copyOf(diagnostics);
  }

  /** Reads the text of a tests file. */
  public static RuleTests read(RuleSource source) {
    return new RuleTestsReader(source).read();
  }

  /** Reads the tests file beside {@code ruleFile}; empty if there is none. */
  public static Optional<RuleTests> beside(Path ruleFile) throws IOException {
    String name = ruleFile.getFileName().toString();
    int dot = name.lastIndexOf('.');
    Path tests = ruleFile.resolveSibling(name.substring(0, dot) + ".tests" + name.substring(dot));
    if (!Files.exists(tests)) {
      return Optional.empty();
    }
    String text = Files.readString(tests, StandardCharsets.UTF_8);
    return Optional.of(read(new RuleSource(tests.toString(), text)));
  }
}
