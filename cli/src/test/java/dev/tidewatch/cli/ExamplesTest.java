package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The worked examples of the page about patterns raise what the page says. */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("../docs/examples");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(Files::isDirectory).sorted().toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> raiseExactlyWhatIsExpected() throws IOException {
    return examples().stream()
        .map(d -> DynamicTest.dynamicTest(d.getFileName().toString(), () -> check(d)));
  }

  @Test
  void thereAreTenAndThePageNamesEach() throws IOException {
    String page = Files.readString(Path.of("../docs/reference/patterns.md"));

    assertThat(examples()).hasSize(10);
    assertThat(examples())
        .allSatisfy(d -> assertThat(page).contains("examples/" + d.getFileName()));
  }

  private static void check(Path example) throws IOException {
    CommandRun run =
        CommandRun.of(
            "detect",
            "--rules",
            example.resolve("rule.yml").toString(),
            "--events",
            example.resolve("events.ndjson").toString(),
            "--output",
            "ndjson");

    assertThat(run.exitCode()).as(run.err()).isZero();
    ArrayNode alerts = JSON.createArrayNode();
    for (String line : run.out().lines().toList()) {
      alerts.add(told(JSON.readTree(line)));
    }
    assertThat(alerts).isEqualTo(JSON.readTree(Files.readString(example.resolve("expected.json"))));
  }

  /** An alert without ids and paths, which say nothing to a reader. */
  private static JsonNode told(JsonNode alert) {
    ObjectNode told = JSON.createObjectNode();
    for (String key :
        List.of("title", "kind", "time", "first_seen", "last_seen", "count", "group", "reason")) {
      told.set(key, alert.get(key));
    }
    ArrayNode records = told.putArray("records");
    alert.get("evidence").forEach(event -> records.add(event.get("record")));
    return told;
  }
}
