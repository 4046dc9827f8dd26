package dev.tidewatch.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.agent.collect.Collector;
import dev.tidewatch.agent.collect.RecordingSink;
import dev.tidewatch.agent.collect.RunningCollector;
import dev.tidewatch.agent.config.Setting;
import dev.tidewatch.agent.config.Settings;
import dev.tidewatch.ingest.v1.AgentEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorsTest {
  private static final String DIFFERENTIAL =
      """
      {"name":"listening_ports","hostIdentifier":"web-1","calendarTime":"Sat Nov 21 12:00:00 2026 UTC","unixTime":1795262400,"epoch":0,"counter":3,"columns":{"pid":"812","port":"4444","protocol":"6","address":"0.0.0.0"},"action":"added"}""";
  private static final String SNAPSHOT =
      """
      {"snapshot":[{"uid":"0","username":"root"}],"action":"snapshot","name":"users","hostIdentifier":"web-1","unixTime":1795262401}""";

  @TempDir Path directory;

  private Map<String, Supplier<Collector>> collectors(String settings) throws Exception {
    AgentFiles files = new AgentFiles(directory.resolve("state"), directory.resolve("none"));
    AgentOptions options = AgentOptions.of(Settings.parse("test", settings), files, "test");
    return Collectors.of(options, files);
  }

  @Test
  void everyCollectorHasItsSwitchAndSaysWhyItCannotRun() throws Exception {
    List<String> keys = Settings.known().stream().map(Setting::key).toList();
    for (Map.Entry<String, Supplier<Collector>> entry : collectors("").entrySet()) {
      String name = entry.getKey();
      Collector collector = entry.getValue().get();
      assertThat(collector.name()).isEqualTo(name);
      assertThat(keys).contains(name + ".enabled");
      if (!name.equals("inventory")) {
        assertThat(keys).contains(name + ".rate");
      }
      collector.unavailable().ifPresent(why -> assertThat(why).isNotBlank());
    }
  }

  /** As osqueryd writes it: one object a line; the file is moved away and begun anew. */
  @Test
  void resultsOfOsqueryAreToldAsTheyAreThroughRotation() throws Exception {
    Path log = directory.resolve("osqueryd.results.log");
    Files.writeString(log, "");
    RecordingSink sink = new RecordingSink();
    Collector collector = collectors("osquery.log = " + log).get("osquery").get();
    assertThat(collector.unavailable()).isEmpty();
    try (RunningCollector running = new RunningCollector(collector, sink.emitter("osquery"))) {
      await()
          .until(
              () -> {
                Files.writeString(log, DIFFERENTIAL + "\n", StandardOpenOption.APPEND);
                return !sink.events().isEmpty();
              });
      Files.move(log, directory.resolve("osqueryd.results.log.1"));
      Files.writeString(log, SNAPSHOT + "\n");
      await().until(() -> sink.payloads().stream().anyMatch(json -> json.equals(SNAPSHOT.strip())));
      assertThat(running.failure()).isNull();
    }
    AgentEvent first = sink.events().get(0);
    assertThat(first.getPayload().toString(UTF_8)).isEqualTo(DIFFERENTIAL.strip());
    assertThat(first.getSource().getProduct()).isEqualTo("osquery");
    assertThat(first.getSource().getService()).isEqualTo("results");
    assertThat(first.getOrigin()).isEqualTo("osquery:" + log);
  }
}
