package dev.tidewatch.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
