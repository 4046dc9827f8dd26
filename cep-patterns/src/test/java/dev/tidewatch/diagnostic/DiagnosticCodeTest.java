package dev.tidewatch.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DiagnosticCodeTest {
  private static final Path PAGE = Path.of("../docs/reference/diagnostics.md");

  @Test
  void numbersAreUniqueWhateverTheSeverity() {
    assertThat(Arrays.stream(DiagnosticCode.values()).map(c -> c.code().substring(4)))
        .doesNotHaveDuplicates();
  }

  @Test
  void thePageListsEveryCode() throws IOException {
    assertThat(Files.readString(PAGE))
        .as("write it anew: java dev.tidewatch.diagnostic.DiagnosticPage > " + PAGE)
        .isEqualTo(DiagnosticPage.text());
  }
}
