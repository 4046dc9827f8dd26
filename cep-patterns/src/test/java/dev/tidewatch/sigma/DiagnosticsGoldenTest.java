package dev.tidewatch.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Bad rules and what is said about them: {@code golden/x.yml} with the whole text output in {@code
 * golden/x.txt}. Run with {@code -Dtidewatch.golden.write=true} to write the outputs anew, and read
 * the difference.
 */
class DiagnosticsGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @TestFactory
  Stream<DynamicTest> everyFindingIsPrintedAsExpected() throws IOException {
    List<Path> rules;
    try (Stream<Path> files = Files.list(GOLDEN)) {
      rules = files.filter(f -> f.toString().endsWith(".yml")).sorted().toList();
    }
    assertThat(rules).isNotEmpty();
    return rules.stream()
        .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f)));
  }

  private static void check(Path rule) throws IOException {
    List<RuleSource> sources =
        List.of(new RuleSource(rule.getFileName().toString(), Files.readString(rule)));
    Compilation compilation = new SigmaCompiler().compile(sources);
    String text = new CheckReport(sources, compilation).toText();
    Path expected = Path.of(rule.toString().replace(".yml", ".txt"));
    if (Boolean.getBoolean("tidewatch.golden.write")) {
      write(expected, text);
    }
    assertThat(text).isEqualTo(Files.readString(expected));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
