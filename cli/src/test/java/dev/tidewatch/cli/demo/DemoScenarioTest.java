package dev.tidewatch.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.remember.BoundedRemember;
import dev.tidewatch.remember.MatchedEvent;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DemoScenarioTest {
  private static final Instant START = Instant.parse("2026-11-20T09:10:00.000123Z");
  private static final Path RULES = Path.of("..", "cep-patterns", "rules");

  private static DemoScenario scenario;
  private static Compilation compilation;
  private static ExhaustiveMatcher matcher;

  @BeforeAll
  static void load() throws IOException {
    scenario = DemoScenario.load();
    compilation = new SigmaCompiler().compile(RuleDirectory.read(List.of(RULES)));
    assertThat(compilation.diagnostics()).extracting(Diagnostic::toString).isEmpty();
    matcher = new ExhaustiveMatcher(compilation.matched());
  }

  @Test
  void raisesTheExpectedAlertsAndNoOthers() throws MalformedEventException {
    Set<String> silent = compilation.silent();
    Map<List<String>, Integer> raised = new LinkedHashMap<>();
    for (TimedEvent event : scenario.events()) {
      for (RuleMatch match : matcher.match(read(event))) {
        if (!silent.contains(match.rule().id())) {
          raised.merge(
              List.of(match.rule().id(), match.rule().title(), event.host()), 1, Integer::sum);
        }
      }
    }
    Map<List<String>, Integer> expected = new LinkedHashMap<>();
    for (ExpectedAlert alert : scenario.expectedAlerts()) {
      expected.put(List.of(alert.ruleId(), alert.title(), alert.host()), alert.count());
    }
    assertThat(raised).containsExactlyEntriesOf(expected);
  }

  /** The starter pack's correlations and patterns see the scenario too. */
  @Test
  void raisesNoEpisode() throws MalformedEventException {
    BoundedRemember remember = new BoundedRemember(compilation.stateful());
    long number = 0;
    for (TimedEvent event : scenario.events()) {
      EventDocument document = read(event);
      MatchedEvent matched =
          new MatchedEvent("default", document, document.timeMicros(), 0, number++);
      matcher.match(document).forEach(match -> remember.fired(match.rule().id(), matched));
    }

    assertThat(remember.finish()).isEmpty();
    assertThat(remember.matches()).isPositive();
  }

  @Test
  void coversAKillChainOverThreePlaces() {
    List<ExpectedAlert> alerts = scenario.expectedAlerts();
    assertThat(alerts)
        .extracting(ExpectedAlert::ruleId)
        .doesNotHaveDuplicates()
        .hasSizeGreaterThanOrEqualTo(15);
    assertThat(alerts)
        .extracting(ExpectedAlert::host)
        .contains("fin-wks-0142.northwind.example", "app-lnx-07.northwind.example", "111122223333");
  }

  @Test
  void everyEventIsRecognisedAtItsTime() throws MalformedEventException {
    for (TimedEvent event : scenario.events()) {
      EventDocument document = read(event);
      assertThat(document.logSource()).as(document.raw()).isNotEqualTo(LogSource.UNKNOWN);
      // CloudTrail has whole seconds only.
      assertThat(document.timeMicros())
          .as(document.raw())
          .isBetween(micros(event) - 1_000_000, micros(event));
    }
  }

  @Test
  void leavesNoPlaceholder() {
    for (TimedEvent event : scenario.events()) {
      assertThat(payload(event)).doesNotContain("@{");
      assertThat(event.host()).isNotEmpty().doesNotContain("@{");
    }
  }

  @Test
  void isTheSameEachTimeAndInOrder() throws IOException {
    List<TimedEvent> again = DemoScenario.load().events();
    assertThat(again).isEqualTo(scenario.events());
    assertThat(again).isSortedAccordingTo((a, b) -> Long.compare(a.atMillis(), b.atMillis()));
    assertThat(again.get(again.size() - 1).atMillis()).isLessThan(scenario.length().toMillis());
  }

  @Test
  void hidesTheAttackInNoiseOfADozenHosts() {
    assertThat(scenario.noise()).hasSizeGreaterThan(40 * scenario.attack().size());
    assertThat(new TreeSet<>(scenario.noise().stream().map(TimedEvent::host).toList()).size())
        .isGreaterThanOrEqualTo(12);
  }

  private static EventDocument read(TimedEvent event) throws MalformedEventException {
    return EventDocument.parse(payload(event).getBytes(StandardCharsets.UTF_8));
  }

  private static String payload(TimedEvent event) {
    return new String(event.payloadAt(START.plusMillis(event.atMillis())), StandardCharsets.UTF_8);
  }

  private static long micros(TimedEvent event) {
    Instant time = START.plusMillis(event.atMillis());
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
  }
}
