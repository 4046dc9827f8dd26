package dev.tidewatch.sigma.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlReaderTest {
  private final Diagnostics diagnostics = new Diagnostics("x.yml");

  @ParameterizedTest
  @CsvSource({
    "1, NUMBER",
    "-1.5, NUMBER",
    "0x3e7, NUMBER",
    "010, NUMBER",
    "true, BOOLEAN",
    "False, BOOLEAN",
    "yes, TEXT",
    "no, TEXT",
    "on, TEXT",
    "~, NULL",
    "null, NULL",
    "'''1''', TEXT",
    "1_000, TEXT",
    "12:30, TEXT",
    "2025-01-01, TEXT",
    "2025-01-01T00:00:00Z, TEXT",
    ".inf, TEXT",
    "!!str 5, TEXT",
    "'', NULL",
    "1.2.3.4, TEXT",
    "=, TEXT",
    "0o17, TEXT"
  })
  void typesScalarsLikeYaml12(String text, Scalar.Kind kind) {
    assertThat(value("k: " + text).kind()).isEqualTo(kind);
    assertThat(diagnostics.found()).isEmpty();
  }

  @Test
  void placesInsideScalars() {
    assertThat(value("k: abc def").at(4)).isEqualTo(new Place(1, 8));
    assertThat(value("k: 'a''b def'").at(4)).isEqualTo(new Place(1, 10));
    assertThat(value("k: \"abc def\"").at(4)).isEqualTo(new Place(1, 9));
    assertThat(value("k: \"a\\tc def\"").at(4)).isEqualTo(new Place(1, 4));
    assertThat(value("k: >-\n  abc\n  def\n").at(4)).isEqualTo(new Place(3, 3));
    assertThat(value("k: |\n\n  abc\n    def\n").at(7)).isEqualTo(new Place(4, 5));
    assertThat(value("k: abc\n  def").at(4)).isEqualTo(new Place(2, 3));
    assertThat(value("k: abc").at(3)).isEqualTo(new Place(1, 7));
    assertThat(value("k: \ud83d\ude00 def").at(3)).isEqualTo(new Place(1, 6));
  }

  @Test
  void surrogatePairsSurviveAnywhere() {
    for (int before = 1000; before < 1060; before++) {
      String text = "x".repeat(before) + "\ud83d\ude00";
      assertThat(value("k: " + text).text()).isEqualTo(text);
    }
  }

  @Test
  void billionLaughsStopAtTheBudget() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String before = "*a" + (i - 1);
      yaml.append("a").append(i).append(": &a").append(i).append(" [");
      yaml.append(String.join(", ", List.of(before, before, before, before, before, before)));
      yaml.append("]\n");
    }
    read(yaml.toString());
    assertThat(codes()).containsExactly("TW-E1004");
  }

  @Test
  void aliasesToOneselfAndDeepNestingAreRefused() {
    read("a: &a [*a]");
    assertThat(codes()).containsExactly("TW-E1004");
    Diagnostics deep = new Diagnostics("y.yml");
    YamlReader.read("[".repeat(10_000), deep);
    assertThat(deep.errors()).isEqualTo(1);
  }

  @Test
  void plainAliasesAreWrittenOut() {
    List<YamlDocument> documents = read("a: &x {b: 1}\nc: *x");
    Mapping root = (Mapping) documents.get(0).root().orElseThrow();
    assertThat(root.entry("c").orElseThrow().value()).isInstanceOf(Mapping.class);
    assertThat(codes()).isEmpty();
  }

  @Test
  void aBrokenDocumentCostsOnlyItself() {
    List<YamlDocument> documents = read("a: 1\n---\nb: [\n---\nc: 3\n---\nd: }\n---\ne: 5\n");
    assertThat(documents)
        .extracting(YamlDocument::sound)
        .containsExactly(true, false, true, false, true);
    assertThat(documents.get(4).root().orElseThrow().place()).isEqualTo(new Place(9, 1));
    assertThat(codes()).containsExactly("TW-E1003", "TW-E1003");
  }

  @Test
  void controlCharactersAndLoneSurrogatesAreNamedWithTheirPlace() {
    read("a: b\nc: \u0001");
    Diagnostic found = diagnostics.found().get(0);
    assertThat(found.message()).contains("U+0001");
    assertThat(new Place(found.line(), found.column())).isEqualTo(new Place(2, 4));
    Diagnostics lone = new Diagnostics("y.yml");
    YamlReader.read("a: \ud800", lone);
    assertThat(lone.errors()).isEqualTo(1);
  }

  @Test
  void emptyTextHasNoDocuments_carriageReturnsAreFine() {
    assertThat(read("")).isEmpty();
    assertThat(read("# only a comment\n---\n")).isEmpty();
    assertThat(read("\ufeffa: 1\r\nb: 2\r\n")).hasSize(1);
    assertThat(codes()).isEmpty();
  }

  private Scalar value(String yaml) {
    Mapping root = (Mapping) read(yaml).get(0).root().orElseThrow();
    return (Scalar) root.entries().get(0).value();
  }

  private List<YamlDocument> read(String yaml) {
    return YamlReader.read(yaml, diagnostics);
  }

  private List<String> codes() {
    return diagnostics.found().stream().map(Diagnostic::code).toList();
  }
}
