package dev.tidewatch.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.sigma.Corpus;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.SigmaCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SigmaHQ's regression data: each of the rules fires on the events recorded for it. */
class RegressionCorpusTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One line of the manifest. */
  private record Expectation(Path rule, String id, Path events, int atLeast) {}

  @Test
  void everyRuleFiresOnItsEvents() throws IOException, MalformedEventException {
    List<Expectation> expectations = manifest();
    assertThat(expectations).hasSize(87);
    List<String> silent = new ArrayList<>();
    for (Expectation expected : expectations) {
      Matcher matcher = matcher(expected.rule());
      int matches = 0;
      for (EventDocument event : events(expected.events())) {
        List<RuleMatch> found = matcher.match(event);
        matches += found.size();
        assertThat(found).allMatch(match -> !match.fields().isEmpty());
      }
      if (matches < expected.atLeast()) {
        silent.add(expected.rule() + ": " + matches + " of " + expected.atLeast());
      }
    }
    assertThat(silent).isEmpty();
  }

  private static List<Expectation> manifest() throws IOException {
    Path directory = Corpus.directory("regression");
    Path rules = Corpus.directory("sigma-rules");
    return Files.readAllLines(directory.resolve("manifest.tsv")).stream()
        .skip(1)
        .map(line -> line.split("\t", -1))
        .map(
            c ->
                new Expectation(
                    rules.resolve(c[0]), c[1], directory.resolve(c[2]), Integer.parseInt(c[3])))
        .toList();
  }

  private static Matcher matcher(Path rule) {
    return new ExhaustiveMatcher(
        new SigmaCompiler().compile(RuleDirectory.read(List.of(rule))).rules());
  }

  /** One JSON object, or several one after the other. */
  private static List<EventDocument> events(Path file) throws IOException, MalformedEventException {
    List<EventDocument> events = new ArrayList<>();
    try (MappingIterator<JsonNode> objects =
        JSON.readerFor(JsonNode.class).readValues(Files.readAllBytes(file))) {
      while (objects.hasNext()) {
        events.add(EventDocument.parse(JSON.writeValueAsBytes(objects.next())));
      }
    }
    return events;
  }
}
