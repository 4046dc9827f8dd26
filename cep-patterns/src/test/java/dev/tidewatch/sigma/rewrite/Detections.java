package dev.tidewatch.sigma.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import java.util.List;

/** Detections in few words, before and after a rewrite. */
final class Detections {
  private static final String SELECTIONS = "a: {F: 1}\nb: {F: 2}\nc: {F: 3}\nother: {F: 4}\n";

  private Detections() {}

  /** A rule for Windows Security events around {@code detection}, which is not indented. */
  static SigmaRule rule(String detection) {
    String text =
        "title: A test\nlogsource: {product: windows, service: security}\ndetection:\n"
            + detection.indent(4);
    Compilation compilation = new SigmaCompiler().compile(List.of(new RuleSource("r.yml", text)));
    assertThat(compilation.rules()).as(compilation.diagnostics().toString()).hasSize(1);
    return compilation.rules().get(0);
  }

  /** The condition over the selections a, b, c and other, after the rewrite. */
  static String condition(Rewrite rewrite, String condition) {
    return rewrite.apply(rule(SELECTIONS + "condition: " + condition).detection()).condition() + "";
  }

  /** A detection of one selection. */
  static Detection of(Search search) {
    return new Detection(java.util.Map.of("s", search), new Condition.Selection("s"));
  }

  static Search rewritten(Rewrite rewrite, Search search) {
    return rewrite.apply(of(search)).selection("s");
  }

  /** The selection written in YAML, after the rewrite, in short: {@code F contains x | …}. */
  static String selection(Rewrite rewrite, String yaml) {
    Detection detection = rule("s:\n" + yaml.indent(4) + "condition: s").detection();
    return shown(rewrite.apply(detection).selection("s"));
  }

  private static String shown(Search search) {
    if (search instanceof Search.Every every) {
      return joined(every.parts(), " & ");
    }
    if (search instanceof Search.Any any) {
      return joined(any.parts(), " | ");
    }
    if (search instanceof Search.Negated negated) {
      return "!" + shown(negated.part());
    }
    Predicate test = ((Search.Test) search).predicate();
    return (test.field() + " " + test.operator() + " " + test.pattern()).strip();
  }

  private static String joined(List<Search> parts, String operator) {
    return "(" + String.join(operator, parts.stream().map(Detections::shown).toList()) + ")";
  }

  /** That the field F is there. */
  static Search test(String field) {
    return new Search.Test(new Predicate.Exists(field, true));
  }
}
