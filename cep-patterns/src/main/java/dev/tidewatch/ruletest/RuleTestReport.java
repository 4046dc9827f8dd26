package dev.tidewatch.ruletest;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.match.RuleTestRunner.Outcome;
import dev.tidewatch.sigma.RuleTests.StreamTest;
import dev.tidewatch.sigma.SigmaRule;
import java.util.List;

/**
 * What became of all test events and streams.
 *
 * @param files in the order of the paths, within a directory by name
 */
public record RuleTestReport(List<FileResult> files) {

  /**
   * One rule file with its tests.
   *
   * @param file the rule file; the tests file where there is no rule file to it
   * @param testsFile empty when the rule has no tests
   * @param rules that compiled
   * @param problems errors of the rule file and of its tests file; each counts as a failure
   * @param outcomes one an event
   * @param streams one a stream
   */
  public record FileResult(
      String file,
      String testsFile,
      List<SigmaRule> rules,
      List<Diagnostic> problems,
      List<Outcome> outcomes,
      List<StreamOutcome> streams) {
    public FileResult {
      rules = List.copyOf(rules);
      problems = List.copyOf(problems);
      outcomes = List.copyOf(outcomes);
      streams = List.copyOf(streams);
    }

    public boolean hasTests() {
      return !testsFile.isEmpty();
    }

    public long passed() {
      return outcomes.stream().filter(Outcome::passed).count()
          + streams.stream().filter(StreamOutcome::passed).count();
    }

    /** Events and streams. */
    public int tests() {
      return outcomes.size() + streams.size();
    }

    /** Events and streams that went wrong, and problems. */
    public long failed() {
      return tests() - passed() + problems.size();
    }
  }

  /**
   * What became of one stream.
   *
   * @param failure empty when it went as it should
   */
  public record StreamOutcome(StreamTest test, String failure) {
    public boolean passed() {
      return failure.isEmpty();
    }
  }

  public RuleTestReport {
    files = List.copyOf(files);
  }

  /** Single events. */
  public int events() {
    return files.stream().mapToInt(file -> file.outcomes().size()).sum();
  }

  public int streams() {
    return files.stream().mapToInt(file -> file.streams().size()).sum();
  }

  /** Events and streams. */
  public int tests() {
    return events() + streams();
  }

  public long passed() {
    return files.stream().mapToLong(FileResult::passed).sum();
  }

  public long failed() {
    return files.stream().mapToLong(FileResult::failed).sum();
  }

  public long withoutTests() {
    return files.stream().filter(file -> !file.hasTests()).count();
  }
}
