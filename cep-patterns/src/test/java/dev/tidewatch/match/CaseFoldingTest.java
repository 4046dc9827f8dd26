package dev.tidewatch.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import org.junit.jupiter.api.Test;

class CaseFoldingTest {

  @Test
  void foldsWhatUnicodeFoldsSimply() {
    assertThat(CaseFolding.fold("ABC äÖÜ ΣΊΣΥΦΟΣ Привет ſ")).isEqualTo("abc äöü σίσυφοσ привет s");
    assertThat(CaseFolding.fold("\u1e9e")).isEqualTo("\u00df");
    assertThat(CaseFolding.fold("\u0130\u0131")).isEqualTo("\u0130\u0131");
    assertThat(CaseFolding.fold("\ud801\udc00")).isEqualTo("\ud801\udc28");
  }

  @Test
  void keepsLengthAndLoneSurrogates() {
    String odd = "\ud801A\udc00B\ud801";
    assertThat(CaseFolding.fold(odd)).isEqualTo("\ud801a\udc00b\ud801");
  }

  @Test
  void returnsTheSameObjectWhenNothingChanges() {
    String folded = "nothing to do here, ß ü 7";
    assertThat(CaseFolding.fold(folded)).isSameAs(folded);
  }

  @Test
  void agreesWithTheRegexEnginesOwnFoldingOfUnicode() {
    for (int c = 1; c < 0x2000; c++) {
      String letter = Character.toString(c);
      String folded = CaseFolding.fold(letter);
      boolean hangsTheEngine = c >= 0x1C80 && c <= 0x1C8F;
      if (!folded.equals(letter) && !hangsTheEngine) {
        Pattern pattern = Pattern.compile("(?i)" + Pattern.quote(letter));
        assertThat(pattern.matches(folded)).as("U+%04X", c).isTrue();
      }
      assertThat(CaseFolding.fold(folded)).as("U+%04X", c).isEqualTo(folded);
    }
  }
}
