package dev.tidewatch.correlation;

import static dev.tidewatch.diagnostic.DiagnosticCode.CHAIN_DEPTH;
import static dev.tidewatch.diagnostic.DiagnosticCode.CHAIN_FIELD;
import static dev.tidewatch.diagnostic.DiagnosticCode.CHAIN_LATENESS;
import static dev.tidewatch.diagnostic.DiagnosticCode.DUPLICATE_REFERENCE;

import dev.tidewatch.correlation.machine.CorrelationMachines;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.remember.Member;
import dev.tidewatch.remember.StatefulDocument;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.parse.RuleHead;
import dev.tidewatch.sigma.parse.StatefulHead;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A correlation that was read; the rules it refers to are still names. */
final class CorrelationDocument implements StatefulDocument {
  private final StatefulHead head;
  private final boolean generate;
  private final List<Scalar> rules;
  private final List<Scalar> groupBy;
  private final Aliases aliases;
  private final CorrelationPlan plan;

  CorrelationDocument(
      StatefulHead head,
      boolean generate,
      List<Scalar> rules,
      List<Scalar> groupBy,
      Aliases aliases,
      CorrelationPlan plan) {
    this.head = head;
    this.generate = generate || head.generate();
    this.rules = List.copyOf(rules);
    this.groupBy = List.copyOf(groupBy);
    this.aliases = aliases;
    this.plan = plan;
  }

  @Override
  public RuleHead head() {
    return head.head();
  }

  @Override
  public List<Scalar> references() {
    return rules;
  }

  /** What the correlation decides. */
  CorrelationPlan plan() {
    return plan;
  }

  @Override
  public Optional<StatefulRule> resolve(Origin origin, Targets targets, Diagnostics diagnostics) {
    int before = diagnostics.errors();
    List<Member> members = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    int depth = 1;
    Duration lateness = head.lateness().orElse(Duration.ZERO);
    for (Scalar rule : rules) {
      Optional<StatefulRule> child = targets.stateful(rule.text());
      String id =
          child
              .map(StatefulRule::id)
              .or(() -> targets.detection(rule.text()).map(SigmaRule::id))
              .orElseThrow(() -> new IllegalStateException(rule.text() + " is not resolved"));
      members.add(member(members.size(), rule, id, child.isPresent()));
      if (!ids.add(id)) {
        diagnostics.add(
            DUPLICATE_REFERENCE,
            rule.place(),
            "'" + rule.text() + "' is in the list already, by its id or name",
            "remove it");
      }
      if (child.isPresent()) {
        checkChain(rule, child.get(), members.get(members.size() - 1), diagnostics);
        depth = Math.max(depth, child.get().depth() + 1);
        lateness =
            lateness.compareTo(child.get().lateness()) < 0 ? child.get().lateness() : lateness;
      }
    }
    return diagnostics.errors() == before
        ? Optional.of(rule(origin, members, depth, lateness))
        : Optional.empty();
  }

  private Member member(int index, Scalar rule, String id, boolean chained) {
    return new Member(
        index,
        rule.text(),
        id,
        chained,
        groupBy.stream().map(field -> aliases.fieldOf(field.text(), rule.text())).toList(),
        plan.valueFields().stream().map(field -> aliases.fieldOf(field, rule.text())).toList());
  }

  private void checkChain(Scalar rule, StatefulRule child, Member member, Diagnostics diagnostics) {
    if (child.depth() >= StatefulRule.MAX_DEPTH) {
      diagnostics.add(
          CHAIN_DEPTH,
          rule.place(),
          "'" + rule.text() + "' is the end of a chain of " + child.depth() + " rules already",
          "chains have at most " + StatefulRule.MAX_DEPTH + " levels");
    }
    if (head.lateness().isPresent() && head.lateness().get().compareTo(child.lateness()) < 0) {
      diagnostics.add(
          CHAIN_LATENESS,
          head.latenessPlace(),
          "'" + rule.text() + "' waits " + child.lateness().toSeconds() + "s for late events",
          "wait as long at least, or leave lateness out");
    }
    for (String field : member.groupFields()) {
      if (!child.groupBy().contains(field)) {
        diagnostics.add(
            CHAIN_FIELD,
            rule.place(),
            "'" + rule.text() + "' does not group by '" + field + "', so its alerts lack it",
            Suggestion.didYouMean(
                field,
                child.groupBy(),
                "group that rule by it, or say in aliases what it calls it"));
      }
    }
  }

  private StatefulRule rule(Origin origin, List<Member> members, int depth, Duration lateness) {
    return new StatefulRule(
        head.head(),
        origin.version(),
        origin.hash(),
        origin.file(),
        origin.source(),
        plan.type().text(),
        members,
        groupBy.stream().map(Scalar::text).toList(),
        generate,
        depth,
        lateness,
        head.suppress(),
        CorrelationMachines.of(plan));
  }
}
