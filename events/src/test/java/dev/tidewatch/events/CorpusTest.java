package dev.tidewatch.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real events of the shared corpus; skipped where it is absent. */
class CorpusTest {
  /** Events whose payload has no time of its own: Zeek's list of loaded scripts. */
  private static final String WITHOUT_TIME = "loaded_scripts";

  private static final Path EVENTS =
      Path.of(System.getProperty("tidewatch.corpus", "absent")).resolve("events");
  private static List<EventDocument> documents = List.of();

  @BeforeAll
  static void read() throws Exception {
    assumeTrue(Files.isDirectory(EVENTS), "no corpus at " + EVENTS);
    List<EventDocument> read = new ArrayList<>();
    for (Path file : files()) {
      for (String line : Files.readAllLines(file)) {
        read.add(EventDocument.parse(line.getBytes(StandardCharsets.UTF_8)));
      }
    }
    documents = read;
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(EVENTS)) {
      return files.filter(file -> file.toString().endsWith(".ndjson")).sorted().toList();
    }
  }

  @Test
  void recognisesEvents() {
    Map<String, Integer> counts = new TreeMap<>();
    Map<String, Integer> unknown = new TreeMap<>();
    int recognised = 0;
    for (EventDocument event : documents) {
      LogSource source = event.logSource();
      counts.merge(event.shape() + " " + event.logSources(), 1, Integer::sum);
      if (source.product().isEmpty()
          || (source.category().isEmpty() && source.service().isEmpty())) {
        unknown.merge(event.shape() + " " + event.field("Channel"), 1, Integer::sum);
      } else {
        recognised++;
      }
    }
    System.out.println("log sources of the corpus: " + counts);
    System.out.println("not recognised: " + unknown);
    assertThat(recognised).isGreaterThanOrEqualTo((int) (documents.size() * 0.99));
  }

  /** Log sources that the rules of SigmaHQ name and no event can have. */
  @Test
  void knowsTheLogSourcesOfSigmaHq() throws Exception {
    Map<LogSource, Integer> unknown = new LinkedHashMap<>();
    int rules = 0;
    int reachable = 0;
    for (LogSource rule : sigmaLogSources()) {
      rules++;
      if (Recognition.canBeCovered(rule)) {
        reachable++;
      } else {
        unknown.merge(rule, 1, Integer::sum);
      }
    }
    System.out.println("rules that no recognised event reaches without a hint: " + unknown);
    assertThat(rules).isGreaterThan(3_000);
    assertThat(reachable).isGreaterThanOrEqualTo((int) (rules * 0.97));
  }

  private static List<LogSource> sigmaLogSources() throws IOException {
    List<LogSource> sources = new ArrayList<>();
    try (Stream<Path> files = Files.walk(EVENTS.resolveSibling("sigma-rules"))) {
      for (Path file :
          files
              .filter(path -> path.toString().endsWith(".yml"))
              .filter(path -> path.toString().contains("sigma-rules/rules"))
              .toList()) {
        sources.add(logSource(Files.readString(file)));
      }
    }
    return sources;
  }

  private static LogSource logSource(String rule) {
    Map<String, String> attributes = new HashMap<>();
    boolean inside = false;
    for (String line : rule.lines().toList()) {
      if (!line.startsWith(" ")) {
        inside = line.startsWith("logsource:");
      } else if (inside) {
        String[] pair = line.strip().split(":", 2);
        if (pair.length == 2) {
          attributes.putIfAbsent(pair[0], pair[1].split("#")[0].strip());
        }
      }
    }
    return new LogSource(
        attributes.getOrDefault("product", ""),
        attributes.getOrDefault("category", ""),
        attributes.getOrDefault("service", ""));
  }

  @Test
  void findsTheTimeOfEveryEvent() {
    for (EventDocument event : documents) {
      if (!event.logSource().service().equals(WITHOUT_TIME)) {
        assertThat(event.timeQuality()).as(event.raw()).isEqualTo(TimeQuality.PAYLOAD);
      }
    }
  }

  @Test
  void findsTheHostOfWindowsAndLinuxEvents() {
    for (EventDocument event : documents) {
      if (event.logSource().product().equals("windows")) {
        assertThat(event.host()).as(event.raw()).isNotEmpty();
      }
    }
  }
}
