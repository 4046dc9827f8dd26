package dev.tidewatch.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LintCodeTest {
  private static final Path PAGE = Path.of("../docs/reference/rule-lint.md");

  @Test
  void numbersAreUniqueAndAscending() {
    assertThat(Arrays.stream(LintCode.values()).map(LintCode::code))
        .doesNotHaveDuplicates()
        .isSorted();
  }

  @Test
  void thePageListsEveryCode() throws IOException {
    if (Boolean.getBoolean("tidewatch.golden.write")) {
      Files.writeString(PAGE, LintPage.text());
    }
    assertThat(Files.readString(PAGE))
        .as("write it anew with -Dtidewatch.golden.write=true: " + PAGE)
        .isEqualTo(LintPage.text());
  }
}
