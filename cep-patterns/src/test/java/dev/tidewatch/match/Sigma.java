package dev.tidewatch.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.sigma.CompilerOptions;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Rules and events in few words, for tests. */
final class Sigma {
  /** A generic JSON event is of no known product, so rules here name none that routing needs. */
  private static final String HEAD =
      """
      title: A test
      id: 11111111-2222-4333-8444-555555555555
      level: low
      logsource:
          product: windows
          service: security
      detection:
      """;

  private Sigma() {}

  /** A whole rule around {@code detection}, which is not indented. */
  static String rule(String detection) {
    return HEAD + detection.indent(4);
  }

  static Compilation compile(String... files) {
    return compile(CompilerOptions.DEFAULT, files);
  }

  static Compilation compile(CompilerOptions options, String... files) {
    List<RuleSource> sources = new java.util.ArrayList<>();
    for (int i = 0; i < files.length; i++) {
      sources.add(new RuleSource("rule" + (i + 1) + ".yml", files[i]));
    }
    return new SigmaCompiler(options).compile(sources);
  }

  /** Codes of a detection's findings, in order. */
  static List<String> codes(String detection) {
    return compile(rule(detection)).diagnostics().stream().map(Diagnostic::code).toList();
  }

  static Diagnostic onlyFinding(String detection) {
    List<Diagnostic> found = compile(rule(detection)).diagnostics();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  /** A matcher for one selection and the condition that it holds. */
  static ExhaustiveMatcher selection(String selection) {
    return matcher("selection:\n" + selection.indent(4) + "condition: selection\n");
  }

  static ExhaustiveMatcher matcher(String detection) {
    return matcher(CompilerOptions.DEFAULT, detection);
  }

  static ExhaustiveMatcher matcher(CompilerOptions options, String detection) {
    Compilation compilation = compile(options, rule(detection));
    assertThat(compilation.diagnostics()).filteredOn(Diagnostic::isError).isEmpty();
    return new ExhaustiveMatcher(compilation.rules());
  }

  static CompilerOptions lists(Map<String, List<String>> valueLists) {
    return new CompilerOptions(valueLists);
  }

  /** Whether a selection holds for an event with these members (JSON without the braces). */
  static boolean holds(String selection, String members) {
    return fires(selection(selection), members);
  }

  static boolean fires(Matcher matcher, String members) {
    return !matches(matcher, members).isEmpty();
  }

  static List<RuleMatch> matches(Matcher matcher, String members) {
    return matcher.match(event(members));
  }

  /** A Windows Security event with these members besides. */
  static EventDocument event(String members) {
    String separator = members.isBlank() ? "" : ",";
    return raw("{\"Channel\":\"Security\",\"EventID\":5379" + separator + members + "}");
  }

  static EventDocument raw(String json) {
    try {
      return EventDocument.parse(json.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedEventException e) {
      throw new AssertionError(json, e);
    }
  }
}
