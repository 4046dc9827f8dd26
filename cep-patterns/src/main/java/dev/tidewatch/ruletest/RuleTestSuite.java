package dev.tidewatch.ruletest;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.match.RuleTestRunner;
import dev.tidewatch.ruletest.RuleTestReport.FileResult;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.RuleTests;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rule files and the tests beside them. All rules are compiled as one set, so filters among them
 * apply; each file's events run against that file's rules only, its streams against its
 * correlations and patterns with what they refer to.
 */
public final class RuleTestSuite {
  private static final int MAX_DEPTH = 64;

  private final Map<Path, RuleSource> sources = new LinkedHashMap<>();
  private final List<Path> testsWithoutRule = new ArrayList<>();

  private RuleTestSuite() {}

  /**
   * Runs the tests of all rule files under {@code paths}: rule files, their {@code .tests.yml}, or
   * directories.
   *
   * @throws UncheckedIOException when a path does not exist or a directory cannot be listed
   */
  public static RuleTestReport run(List<Path> paths) {
    RuleTestSuite suite = new RuleTestSuite();
    paths.forEach(suite::add);
    return suite.run();
  }

  private void add(Path path) {
    if (Files.isDirectory(path)) {
      RuleDirectory.read(List.of(path)).forEach(s -> add(path.resolve(s.file()), s));
      testsBelow(path).forEach(this::addRuleOf);
    } else if (isTestsFile(path)) {
      addRuleOf(path);
    } else {
      RuleDirectory.read(List.of(path)).forEach(source -> add(path, source));
    }
  }

  private void add(Path path, RuleSource source) {
    sources.putIfAbsent(
        path.normalize(), new RuleSource(path.toString(), source.text(), source.problems()));
  }

  private void addRuleOf(Path tests) {
    String name = tests.getFileName().toString();
    Path rule = tests.resolveSibling(name.replaceFirst("\\.tests(\\.ya?ml)$", "$1"));
    if (!Files.exists(rule)) {
      testsWithoutRule.add(tests);
    } else if (!sources.containsKey(rule.normalize())) {
      RuleDirectory.read(List.of(rule)).forEach(source -> add(rule, source));
    }
  }

  private static boolean isTestsFile(Path path) {
    String name = path.getFileName().toString();
    return !name.startsWith(".") && (name.endsWith(".tests.yml") || name.endsWith(".tests.yaml"));
  }

  private static List<Path> testsBelow(Path directory) {
    try (Stream<Path> files = Files.walk(directory, MAX_DEPTH)) {
      return files
          .filter(RuleTestSuite::isTestsFile)
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + directory + ": " + e.getMessage(), e);
    }
  }

  private RuleTestReport run() {
    Compilation compilation = new SigmaCompiler().compile(sources.values());
    List<FileResult> results = new ArrayList<>();
    sources.forEach((path, source) -> results.add(run(path, source.file(), compilation)));
    for (Path tests : testsWithoutRule) {
      String file = tests.toString();
      Diagnostic orphan = problem(file, "there is no rule file beside these tests");
      results.add(new FileResult(file, file, List.of(), List.of(orphan), List.of(), List.of()));
    }
    return new RuleTestReport(results);
  }

  private static FileResult run(Path path, String file, Compilation compilation) {
    List<SigmaRule> rules =
        compilation.rules().stream().filter(rule -> rule.file().equals(file)).toList();
    List<Diagnostic> problems =
        new ArrayList<>(
            compilation.diagnostics().stream()
                .filter(d -> d.isError() && d.file().equals(file))
                .toList());
    Optional<RuleTests> tests = tests(path, problems);
    return new FileResult(
        file,
        tests.map(RuleTests::file).orElse(""),
        rules,
        problems,
        tests.map(t -> new RuleTestRunner(rules).run(t)).orElse(List.of()),
        tests
            .filter(t -> !t.streams().isEmpty())
            .map(t -> new StreamTestRunner(file, compilation).run(t.streams()))
            .orElse(List.of()));
  }

  private static Optional<RuleTests> tests(Path rule, List<Diagnostic> problems) {
    try {
      Optional<RuleTests> tests = RuleTests.beside(rule);
      tests.ifPresent(t -> problems.addAll(t.diagnostics()));
      return tests;
    } catch (IOException e) {
      problems.add(problem(rule.toString(), "the tests beside it cannot be read: " + e));
      return Optional.empty();
    }
  }

  private static Diagnostic problem(String file, String message) {
    return Diagnostic.of(DiagnosticCode.BAD_RULE_TESTS, file, Place.NONE, message, "");
  }
}
