package dev.tidewatch.pattern;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.pattern.parse.PatternTree;
import dev.tidewatch.pattern.parse.PatternTree.Body;
import dev.tidewatch.remember.StatefulDocument;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.parse.ParsedDocument;
import dev.tidewatch.sigma.parse.RuleHead;
import dev.tidewatch.sigma.parse.StatefulHead;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A pattern that was read. */
final class PatternDocument implements StatefulDocument {
  private final StatefulHead head;
  private final PatternTree tree;
  private final List<Scalar> references = new ArrayList<>();
  private final List<ParsedDocument.Rule> inline = new ArrayList<>();

  PatternDocument(StatefulHead head, PatternTree tree) {
    this.head = head;
    this.tree = tree;
    Set<String> seen = new HashSet<>();
    tree.steps().forEach(step -> collect(step.body(), seen));
    tree.cadence().ifPresent(cadence -> collect(cadence.body(), seen));
    tree.until().ifPresent(body -> collect(body, seen));
    tree.scope().ifPresent(body -> collect(body, seen));
  }

  private void collect(Body body, Set<String> seen) {
    if (body instanceof Body.Reference reference) {
      if (seen.add(reference.name().text())) {
        references.add(reference.name());
      }
    } else if (body instanceof Body.Inline its) {
      inline.add(its.rule());
    } else if (body instanceof Body.Any any) {
      any.bodies().forEach(b -> collect(b, seen));
    } else if (body instanceof Body.All all) {
      all.bodies().forEach(b -> collect(b, seen));
    }
  }

  @Override
  public RuleHead head() {
    return head.head();
  }

  @Override
  public List<Scalar> references() {
    return references;
  }

  @Override
  public List<ParsedDocument.Rule> inline() {
    return inline;
  }

  @Override
  public Optional<StatefulRule> resolve(Origin origin, Targets targets, Diagnostics diagnostics) {
    return new PatternResolver(head, tree, targets, diagnostics).resolve(origin);
  }
}
