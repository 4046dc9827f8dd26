package dev.tidewatch.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {
  private static final List<String> KNOWN = List.of("contains", "startswith", "endswith", "re");

  @Test
  void findsSlipsOfTheFingers() {
    assertThat(Suggestion.nearest("contians", KNOWN)).isEqualTo("contains");
    assertThat(Suggestion.nearest("Contains", KNOWN)).isEqualTo("contains");
    assertThat(Suggestion.nearest("endwith", KNOWN)).isEqualTo("endswith");
    assertThat(Suggestion.nearest("rex", KNOWN)).isEqualTo("re");
  }

  @Test
  void saysNothingWhereNothingIsNear() {
    assertThat(Suggestion.nearest("xyzzy", KNOWN)).isEmpty();
    assertThat(Suggestion.nearest("x".repeat(10_000), KNOWN)).isEmpty();
    assertThat(Suggestion.didYouMean("xyzzy", KNOWN, "try re")).isEqualTo("try re");
  }
}
