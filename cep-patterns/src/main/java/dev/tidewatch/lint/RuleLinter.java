package dev.tidewatch.lint;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.yaml.YamlDocument;
import dev.tidewatch.sigma.yaml.YamlNode;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import dev.tidewatch.sigma.yaml.YamlReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Everything there is to say about rule files: the compiler's diagnostics, SigmaHQ's conventions,
 * and parts of rules that have no sense.
 */
public final class RuleLinter {
  private static final Pattern FILE_NAME = Pattern.compile("[a-z0-9_]{10,90}\\.yml");

  private final Collection<RuleSource> sources;
  private final Map<String, String> titles = new HashMap<>();
  private final Map<Object, String> detections = new HashMap<>();

  private RuleLinter(Collection<RuleSource> sources) {
    this.sources = sources;
  }

  /** Findings in the order of the sources, within a file by place. */
  public static List<Diagnostic> lint(Collection<RuleSource> sources) {
    return new RuleLinter(sources).lint();
  }

  private List<Diagnostic> lint() {
    Map<String, List<Diagnostic>> byFile = new HashMap<>();
    for (Diagnostic diagnostic : new SigmaCompiler().compile(sources).diagnostics()) {
      byFile.computeIfAbsent(diagnostic.file(), file -> new ArrayList<>()).add(diagnostic);
    }
    List<Diagnostic> all = new ArrayList<>();
    for (RuleSource source : sources) {
      List<Diagnostic> found = byFile.computeIfAbsent(source.file(), file -> new ArrayList<>());
      found.addAll(lint(source));
      found.sort(Comparator.comparingInt(Diagnostic::line).thenComparingInt(Diagnostic::column));
      all.addAll(found);
    }
    return all;
  }

  private List<Diagnostic> lint(RuleSource source) {
    Findings findings = new Findings(source.file());
    List<SigmaRule> rules = new SigmaCompiler().compile(List.of(source)).rules();
    List<YamlDocument> documents = YamlReader.read(source.text(), new Diagnostics(source.file()));
    for (int i = 0; i < documents.size(); i++) {
      YamlNode root = documents.get(i).root().orElse(null);
      if (root instanceof Mapping mapping) {
        RuleDocument document = new RuleDocument(mapping);
        String fallback = source.file() + (documents.size() == 1 ? "" : "#" + (i + 1));
        String id = document.scalar("id").map(Scalar::text).map(String::strip).orElse(fallback);
        if (document.isRule() || document.isStateful()) {
          new HeadLint(document, findings).check();
          new TagLint(document, findings).check();
        }
        if (document.isRule()) {
          rules.stream()
              .filter(rule -> rule.id().equals(id))
              .forEach(rule -> lint(document, rule, findings));
        }
      }
    }
    fileName(source.file(), findings);
    return findings.found();
  }

  private void lint(RuleDocument document, SigmaRule rule, Findings findings) {
    new DetectionLint(document, rule, findings).check();
    new LogicLint(document, rule, findings).check();
    String sameTitle = titles.putIfAbsent(rule.title(), rule.file());
    if (sameTitle != null) {
      findings.add(
          LintCode.DUPLICATE_TITLE,
          document.scalar("title").map(Scalar::place).orElse(document.place()),
          "the rule of " + sameTitle + " has this title too",
          "say what sets this one apart");
    }
    Detection detection = rule.detection();
    String same = detections.putIfAbsent(List.of(rule.logSource(), detection), rule.file());
    if (same != null) {
      findings.add(
          LintCode.SAME_DETECTION,
          document.ofCondition(),
          "the rule of " + same + " looks for exactly the same",
          "keep one of them");
    }
  }

  private static void fileName(String file, Findings findings) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    if (!FILE_NAME.matcher(name).matches()) {
      findings.add(
          LintCode.FILE_NAME,
          Place.NONE,
          "the file's name is '" + name + "'",
          "10 to 90 lower case letters, digits and _, and .yml");
    }
  }
}
