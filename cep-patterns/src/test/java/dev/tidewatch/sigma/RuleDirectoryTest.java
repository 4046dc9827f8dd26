package dev.tidewatch.sigma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleDirectoryTest {
  @TempDir Path directory;

  @Test
  void readsYamlBelowADirectoryInTheOrderOfNames() throws IOException {
    write("b/z.yaml", "z");
    write("b/a.yml", "a");
    write("a.yml", "first");
    write("b/a.tests.yml", "tests");
    write("b/readme.md", "no");
    write(".git/x.yml", "hidden");
    write("b/.hidden.yml", "hidden");
    assertThat(RuleDirectory.read(List.of(directory)))
        .containsExactly(
            new RuleSource("a.yml", "first"),
            new RuleSource("b/a.yml", "a"),
            new RuleSource("b/z.yaml", "z"));
  }

  @Test
  void readsAFileOnceAndNamesItAsItWasNamed() throws IOException {
    Path file = write("x.txt", "t");
    List<RuleSource> sources = RuleDirectory.read(List.of(file, file, directory));
    assertThat(sources).extracting(RuleSource::file).containsExactly(file.toString());
  }

  @Test
  void keepsFilesOfTheSameNameApart() throws IOException {
    write("one/x.yml", "1");
    write("two/x.yml", "2");
    List<Path> both = List.of(directory.resolve("one"), directory.resolve("two"));
    assertThat(RuleDirectory.read(both))
        .extracting(RuleSource::file)
        .containsExactly("x.yml", directory.resolve("two/x.yml").toString());
  }

  @Test
  void doesNotFollowLinksInCircles() throws IOException {
    write("a/x.yml", "x");
    Files.createSymbolicLink(directory.resolve("a/up"), directory);
    assertThat(RuleDirectory.read(List.of(directory)))
        .extracting(RuleSource::file)
        .containsExactly("a/x.yml");
  }

  @Test
  void aMissingPathIsNamed() {
    Path missing = directory.resolve("nowhere");
    assertThatThrownBy(() -> RuleDirectory.read(List.of(missing)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(missing.toString());
  }

  @Test
  void largeBinaryAndUnreadableFilesAreProblemsOfTheirOwn() throws IOException {
    write("big.yml", "#".repeat((1 << 20) + 1));
    Files.write(directory.resolve("latin.yml"), new byte[] {'a', (byte) 0xe9});
    Files.createSymbolicLink(directory.resolve("dangling.yml"), directory.resolve("nothing"));
    write("fine.yml", "a: b");
    List<RuleSource> sources = RuleDirectory.read(List.of(directory));
    assertThat(sources).hasSize(4);
    assertThat(sources.get(0).problems().get(0).code()).isEqualTo("TW-E1002");
    assertThat(sources.get(1).problems().get(0).code()).isEqualTo("TW-E1001");
    assertThat(sources.get(2).problems()).isEmpty();
    assertThat(sources.get(3).problems().get(0).code()).isEqualTo("TW-E1001");
    assertThat(new SigmaCompiler().compile(sources).refused()).isEqualTo(4);
  }

  private Path write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
