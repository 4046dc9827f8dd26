package dev.tidewatch.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.match.IndexedMatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The kit of {@code docs/conformance}, and our matcher on every case of it. */
class ConformanceKitTest {
  private static final Path KIT = Path.of("../docs/conformance");

  @TestFactory
  Stream<DynamicTest> thePlainMatcherConforms() throws IOException {
    return everyCase(new TidewatchEngine(ExhaustiveMatcher::new));
  }

  @TestFactory
  Stream<DynamicTest> theIndexedMatcherConforms() throws IOException {
    return everyCase(new TidewatchEngine(IndexedMatcher::new));
  }

  private static Stream<DynamicTest> everyCase(TidewatchEngine engine) throws IOException {
    return ConformanceKit.read(KIT).stream()
        .map(question -> DynamicTest.dynamicTest(question.id(), () -> check(question, engine)));
  }

  private static void check(ConformanceCase question, TidewatchEngine engine) {
    Answer answer = engine.answer(question);
    String asked = question.about() + "\n" + question.rule() + "\n" + question.event();
    assertThat(answer.outcome()).as(asked + "\n" + answer).isEqualTo(question.expected());
    if (!question.code().isEmpty()) {
      assertThat(answer.code()).as(asked).isEqualTo(question.code());
    }
  }

  @Test
  void everyRowOfTheTableHasCases() throws IOException {
    List<Integer> rows =
        Stream.concat(IntStream.rangeClosed(1, 19).boxed(), Stream.of(31)).toList();
    List<ConformanceCase> kit = ConformanceKit.read(KIT);
    assertThat(kit.stream().map(ConformanceCase::row).distinct().sorted()).isEqualTo(rows);
    assertThat(kit).hasSizeGreaterThan(150);
  }

  @Test
  void theLinesForOtherEnginesAreThoseOfTheCases() throws IOException {
    String lines =
        ConformanceKit.read(KIT).stream()
            .map(question -> CaseLines.whole(question) + "\n")
            .collect(Collectors.joining());
    Path file = KIT.resolve("cases.ndjson");
    if (Boolean.getBoolean("tidewatch.golden.write")) {
      Files.writeString(file, lines);
    }
    assertThat(Files.readString(file))
        .as("write it anew: tidewatch conformance --export docs/conformance > " + file)
        .isEqualTo(lines);
  }

  @Test
  void shapesAreCheckedWithTheirPlaces() {
    assertRefused("row: 1\ncasess: []\n", "kit.yml:2: unknown key 'casess'");
    assertRefused(
        "row: 1\ncases:\n  - name: a\n    about: b\n    selection: 'F: 1'\n", "kit.yml:3: ");
    assertRefused("row: 1\ncases:\n  - name: a\n    match: ['{}']\n", "'detection' is missing");
    assertRefused("row: [1]\n", "'row' is missing or no text");
    assertRefused("row: 1\ncases: x\n", "'cases' must be a list");
    assertRefused("a: [\n", "kit.yml:");
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> ConformanceKit.read("kit.yml", text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }
}
