package dev.tidewatch.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiagnosticTextTest {

  @Test
  void printsPlaceCodeMessageLineCaretAndRemedy() {
    Diagnostic d = unknownModifier(2, 3, "did you mean 'x'?");
    assertThat(DiagnosticText.render(d, "a:\n  b: c\n"))
        .isEqualTo(
            """
            r.yml:2:3: error TW-E1203: unknown modifier
                 2 |   b: c
                   |   ^
                   = did you mean 'x'?
            """);
  }

  @Test
  void alignsTheCaretUnderTabsAndWideCharacters() {
    assertThat(DiagnosticText.render(unknownModifier(1, 3, ""), "\t\ud83d\ude00x"))
        .endsWith("     1 | \t\ud83d\ude00x\n       | \t ^\n");
  }

  @Test
  void cutsLongLinesAroundTheCaret() {
    String text = "a".repeat(500) + "HERE" + "b".repeat(500);
    String out = DiagnosticText.render(unknownModifier(1, 501, ""), text);
    String[] lines = out.split("\n");
    assertThat(lines[1]).hasSizeLessThan(190).contains("HERE").contains("…a").endsWith("b…");
    assertThat(lines[1].charAt(lines[2].indexOf('^'))).isEqualTo('H');
  }

  @Test
  void leavesTheLineOutWhereThePlaceIsUnknownOrBeyondTheText() {
    assertThat(DiagnosticText.render(unknownModifier(0, 0, ""), "a"))
        .isEqualTo("r.yml: error TW-E1203: unknown modifier\n");
    assertThat(DiagnosticText.render(unknownModifier(9, 1, ""), "a")).doesNotContain("^");
  }

  @Test
  void takesControlCharactersAway() {
    Diagnostic d =
        Diagnostic.of(
            DiagnosticCode.UNKNOWN_MODIFIER,
            "r\u001b.yml",
            new Place(1, 1),
            "x\u001b[2J",
            "y\u0007");
    assertThat(DiagnosticText.render(d, "\u001b[31mred")).doesNotContain("\u001b", "\u0007");
  }

  private static Diagnostic unknownModifier(int line, int column, String remedy) {
    Place place = new Place(line, column);
    return Diagnostic.of(
        DiagnosticCode.UNKNOWN_MODIFIER, "r.yml", place, "unknown modifier", remedy);
  }
}
