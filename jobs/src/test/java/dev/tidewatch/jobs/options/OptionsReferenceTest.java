package dev.tidewatch.jobs.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Golden file; {@code -Dtidewatch.golden=update} writes it anew. */
class OptionsReferenceTest {
  private static final Path PAGE = Path.of("../docs/reference/options.md");

  @Test
  void thePageIsWhatTheOptionsSay() throws IOException {
    if ("update".equals(System.getProperty("tidewatch.golden"))) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, OptionsReference.markdown());
    }

    assertThat(PAGE).content().isEqualTo(OptionsReference.markdown());
  }
}
