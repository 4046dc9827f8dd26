package dev.tidewatch.sigma;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Test events that stand beside a rule file: {@code x.tests.yml} beside {@code x.yml}. The format
 * is described in {@code docs/reference/rule-tests.md}.
 *
 * @param file for messages
 * @param cases in the order of the file
 * @param diagnostics what is wrong with the file; then {@code cases} may be incomplete
 */
public record RuleTests(String file, List<Case> cases, List<Diagnostic> diagnostics) {

  /**
   * One event.
   *
   * @param name for messages; its number where the file has none
   * @param shouldMatch whether a rule of the file must fire, or none may
   * @param payload the event, JSON
   * @param fields that the match must report
   * @param place in the tests file
   */
  public record Case(
      String name, boolean shouldMatch, String payload, List<ExpectedField> fields, Place place) {
    public Case {
      fields = List.copyOf(fields);
    }
  }

  /**
   * A field that made the rule fire.
   *
   * @param value empty: any value
   */
  public record ExpectedField(String name, Optional<String> value) {}

  public RuleTests {
    cases = List.copyOf(cases);
    diagnostics = List.copyOf(diagnostics);
  }

  /** Reads the text of a tests file. */
  public static RuleTests read(RuleSource source) {
    return new RuleTestsReader(source).read();
  }

  /** Reads the tests file beside {@code ruleFile}; empty if there is none. */
  public static Optional<RuleTests> beside(Path ruleFile) throws IOException {
    String name = ruleFile.getFileName().toString();
    int dot = name.lastIndexOf('.');
    Path tests = ruleFile.resolveSibling(name.substring(0, dot) + ".tests" + name.substring(dot));
    if (!Files.exists(tests)) {
      return Optional.empty();
    }
    String text = Files.readString(tests, StandardCharsets.UTF_8);
    return Optional.of(read(new RuleSource(tests.toString(), text)));
  }
}
