package dev.tidewatch.cli.demo;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * An intrusion over five minutes: a document opened on a workstation, credentials taken there, a
 * Linux host reached with a key, and an AWS account emptied with what lay on it; with what else
 * goes on meanwhile on a dozen hosts. Written for Tidewatch; nobody's real events. The same in
 * every run.
 */
public final class DemoScenario {
  private static final Duration LENGTH = Duration.ofMinutes(5);

  private final List<TimedEvent> attack;
  private final List<TimedEvent> noise;
  private final List<ExpectedAlert> expectedAlerts;

  private DemoScenario(
      List<TimedEvent> attack, List<TimedEvent> noise, List<ExpectedAlert> expectedAlerts) {
    this.attack = List.copyOf(attack);
    this.noise = List.copyOf(noise);
    this.expectedAlerts = List.copyOf(expectedAlerts);
  }

  /**
   * Reads the bundled data.
   *
   * @throws IOException when they are not on the class path
   * @throws IllegalArgumentException when a line of them is malformed
   */
  public static DemoScenario load() throws IOException {
    List<TimedEvent> attack =
        read("attack.ndjson", ScenarioLine::parse).stream()
            .map(line -> line.at(line.atMillis()))
            .toList();
    Noise noise =
        new Noise(read("noise.ndjson", ScenarioLine::parse), read("hosts.tsv", NoiseHost::parse));
    return new DemoScenario(
        attack,
        noise.until(LENGTH.toMillis()),
        read("expected-alerts.tsv", DemoScenario::expectedAlert));
  }

  /** From the first event to the last. */
  public Duration length() {
    return LENGTH;
  }

  /** What the intruder does, in order of time. */
  public List<TimedEvent> attack() {
    return attack;
  }

  /** What else goes on, in no order. Raises no alert. */
  public List<TimedEvent> noise() {
    return noise;
  }

  /** All of it, in order of time. */
  public List<TimedEvent> events() {
    List<TimedEvent> events = new ArrayList<>(attack);
    events.addAll(noise);
    events.sort(Comparator.comparingLong(TimedEvent::atMillis));
    return List.copyOf(events);
  }

  /**
   * The alerts of {@link #events} under the starter rules, and no others, in order of their first
   * event.
   */
  public List<ExpectedAlert> expectedAlerts() {
    return expectedAlerts;
  }

  private static ExpectedAlert expectedAlert(String line) {
    String[] cells = line.split("\t", -1);
    if (cells.length != 4) {
      throw new IllegalArgumentException(
          "expected-alerts.tsv: rule_id, title, host and count wanted, found: " + line);
    }
    return new ExpectedAlert(cells[0], cells[1], cells[2], Integer.parseInt(cells[3]));
  }

  /** Lines of a resource; those that begin with # are left out. */
  private static <T> List<T> read(String name, Function<String, T> parse) throws IOException {
    InputStream resource = DemoScenario.class.getResourceAsStream(name);
    if (resource == null) {
      throw new FileNotFoundException("the demo's " + name + " is not on the class path");
    }
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
      Stream<String> lines =
          reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#"));
      return lines.map(parse).toList();
    }
  }
}
