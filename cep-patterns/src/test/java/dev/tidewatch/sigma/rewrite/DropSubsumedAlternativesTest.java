package dev.tidewatch.sigma.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DropSubsumedAlternativesTest {

  @Test
  void containsMakesLongerTextsNeedless() {
    assertThat(rewritten("F|contains: [PowerShell, shell, cmd]"))
        .isEqualTo("(F contains shell | F contains cmd)");
    assertThat(rewritten("- F|endswith: shell.exe\n- F: a shell\n- F|contains: Shell"))
        .isEqualTo("F contains Shell");
  }

  @Test
  void beginningsAndEndsMakeLongerOnesNeedless() {
    assertThat(rewritten("F|startswith: [C:/, C:/Win, D:/]"))
        .isEqualTo("(F startswith C:/ | F startswith D:/)");
    assertThat(rewritten("- F|endswith: .exe\n- F: cmd.exe\n- F|startswith: .exe"))
        .isEqualTo("(F endswith .exe | F startswith .exe)");
  }

  @Test
  void whatAsksForSomethingElseStays() {
    assertThat(rewritten("F|contains|all: [powershell, shell]"))
        .isEqualTo("(F contains powershell & F contains shell)");
    assertThat(rewritten("- F|contains: ab\n- G|contains: abc\n- F|contains|cased: abc"))
        .isEqualTo("(F contains ab | G contains abc | F contains abc)");
    assertThat(rewritten("F: [ab, abc]")).isEqualTo("(F equals ab | F equals abc)");
    assertThat(rewritten("F|startswith: [b, ab]")).isEqualTo("(F startswith b | F startswith ab)");
  }

  @Test
  void keywordsWildcardsEmptyTextsAndSurrogatesStay() {
    assertThat(rewritten("- ab\n- abc")).isEqualTo("(keyword ab | keyword abc)");
    assertThat(rewritten("F|contains: ['a*b', 'xa*b']"))
        .isEqualTo("(F contains a*b | F contains xa*b)");
    assertThat(rewritten("F|contains: ['', x]")).isEqualTo("(F contains | F contains x)");
    assertThat(rewritten("F|contains: [\"\\U0001F600\", \"x\\U0001F600\"]"))
        .isEqualTo("(F contains \ud83d\ude00 | F contains x\ud83d\ude00)");
  }

  @Test
  void listsTooLongToCompareStay() {
    assertThat(rewritten(values(200))).isEqualTo("F contains 1");
    assertThat(rewritten(values(201))).contains("F contains 1 | F contains 11 |");
  }

  /** All begin with 1. */
  private static String values(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "'" + (i == 0 ? "1" : "1" + i) + "'")
        .collect(Collectors.joining(", ", "F|contains: [", "]"));
  }

  private static String rewritten(String yaml) {
    return Detections.selection(new DropSubsumedAlternatives(), yaml);
  }
}
