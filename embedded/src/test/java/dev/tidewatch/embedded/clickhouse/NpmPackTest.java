package dev.tidewatch.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.embedded.EmbeddedServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With shell scripts that behave as npm does. */
class NpmPackTest {
  private static final LibraryPackage WANTED =
      new LibraryPackage("@test/lib", "1.0", "", "", 5_000_000, 1);

  @TempDir Path directory;
  private final List<String> progress = new ArrayList<>();

  private String npm(String script) throws IOException {
    Path file = Files.writeString(directory.resolve("npm.sh"), "#!/bin/sh\n" + script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file.toString();
  }

  private Path download(String npm) throws IOException {
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    return new NpmPack(npm).download(WANTED, scratch, progress::add);
  }

  @Test
  void returnsThePackedFileWhateverNpmSays() throws Exception {
    Path packed =
        download(
            npm(
                "echo 'npm warn Unknown user config' >&2\n"
                    + "[ \"$1 $2\" = 'pack @test/lib@1.0' ] || exit 3\n"
                    + "echo packed > test-lib-1.0.tgz; echo test-lib-1.0.tgz\n"));
    assertThat(packed).hasContent("packed\n");
    assertThat(progress).first().asString().contains("@test/lib@1.0").contains("5 MB");
  }

  @Test
  void saysWhatFailedAndWhatToDo() {
    assertThatThrownBy(
            () ->
                download(
                    npm(
                        "echo 'npm warn noise' >&2\necho 'npm error code ENOTFOUND' >&2\n"
                            + "echo 'npm error A complete log of this run is in x' >&2\nexit 1\n")))
        .isInstanceOf(EmbeddedServerException.class)
        .hasMessageContaining("(code ENOTFOUND)")
        .hasMessageContaining("npm pack @test/lib@1.0")
        .hasMessageContaining("TIDEWATCH_LIBCHDB")
        .hasMessageNotContaining("noise")
        .hasMessageNotContaining("\n");
  }

  @Test
  void saysWhenThereIsNoNpm() {
    assertThatThrownBy(() -> download(directory.resolve("absent").toString()))
        .isInstanceOf(EmbeddedServerException.class)
        .hasMessageContaining("install Node.js with npm")
        .hasMessageContaining("TIDEWATCH_LIBCHDB");
  }

  @Test
  void saysWhenNpmLeftNothing() {
    assertThatThrownBy(() -> download(npm("exit 0\n"))).hasMessageContaining("npm left no file");
  }
}
