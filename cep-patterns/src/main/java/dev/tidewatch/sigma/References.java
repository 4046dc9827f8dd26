package dev.tidewatch.sigma;

import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.remember.StatefulDocument.Targets;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.RuleFile.Stateful;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Resolves what correlations and patterns refer to, across all files: each document after those it
 * refers to (Kahn's algorithm, in the order of the sources where that leaves a choice). What is
 * left then is a cycle, or leans on one.
 */
final class References {
  /** A document to be resolved, and what it waits for. */
  private static final class Node implements Comparable<Node> {
    private final int index;
    private final RuleFile file;
    private final Stateful document;
    private final List<Node> referredBy = new ArrayList<>();
    private int waitsFor;
    private boolean done;

    Node(int index, RuleFile file, Stateful document) {
      this.index = index;
      this.file = file;
      this.document = document;
    }

    List<Scalar> references() {
      return document.document().references();
    }

    @Override
    public int compareTo(Node other) {
      return Integer.compare(index, other.index);
    }
  }

  private final RuleNames<SigmaRule> detections = new RuleNames<>();
  private final RuleNames<Node> nodes = new RuleNames<>();
  private final RuleNames<StatefulRule> resolved = new RuleNames<>();
  private final Set<String> refused = new HashSet<>();
  private final List<Node> all = new ArrayList<>();
  private final List<StatefulRule> rules = new ArrayList<>();

  References(List<RuleFile> files) {
    for (RuleFile file : files) {
      refused.addAll(file.refusedNames());
      file.rules().forEach(rule -> detections.add(rule.id(), rule.name(), rule));
      for (Stateful document : file.stateful()) {
        Node node = new Node(all.size(), file, document);
        all.add(node);
        nodes.add(document.id(), document.document().head().name(), node);
      }
    }
  }

  /** The rules that resolve, in order; the others are refused in their files. */
  List<StatefulRule> resolve() {
    all.forEach(this::connect);
    PriorityQueue<Node> ready = new PriorityQueue<>();
    all.stream().filter(node -> node.waitsFor == 0).forEach(ready::add);
    while (!ready.isEmpty()) {
      Node node = ready.remove();
      node.done = true;
      resolve(node);
      for (Node next : node.referredBy) {
        if (--next.waitsFor == 0) {
          ready.add(next);
        }
      }
    }
    all.stream().filter(node -> !node.done).forEach(this::refuseLeftOver);
    return rules;
  }

  private void connect(Node node) {
    for (Scalar reference : node.references()) {
      for (Node target : nodes.find(reference.text())) {
        target.referredBy.add(node);
        node.waitsFor++;
      }
    }
  }

  private void resolve(Node node) {
    int before = node.file.diagnostics().found().size();
    int errors = node.file.diagnostics().errors();
    node.references().forEach(reference -> check(node, reference));
    Optional<StatefulRule> rule =
        node.file.diagnostics().errors() > errors
            ? Optional.empty()
            : node.document
                .document()
                .resolve(node.document.origin(), targets(node), node.file.diagnostics());
    if (rule.isPresent()) {
      rules.add(rule.get());
      resolved.add(rule.get().id(), rule.get().head().name(), rule.get());
    } else {
      refuse(node, before);
    }
  }

  private void refuse(Node node, int before) {
    node.file.refuse(node.document, before);
    refused.add(node.document.id());
    refused.add(node.document.document().head().name());
  }

  /** Says what is wrong with a reference, if anything is. */
  private void check(Node node, Scalar reference) {
    String name = reference.text();
    int meant = detections.find(name).size() + nodes.find(name).size();
    if (meant > 1) {
      node.file
          .diagnostics()
          .add(
              DiagnosticCode.AMBIGUOUS_REFERENCE,
              reference.place(),
              meant + " rules are named '" + name + "'",
              "refer to the rule by its id");
    } else if (detections.find(name).isEmpty() && resolved.find(name).isEmpty()) {
      unresolved(node, reference);
    }
  }

  private void unresolved(Node node, Scalar reference) {
    String name = reference.text();
    if (refused.contains(name)) {
      node.file
          .diagnostics()
          .add(
              DiagnosticCode.REFUSED_RULE,
              reference.place(),
              "the rule '" + name + "' has errors, so this cannot run either",
              "see what is said of that rule");
      return;
    }
    Set<String> known = new HashSet<>(detections.all());
    known.addAll(resolved.all());
    node.file
        .diagnostics()
        .add(
            DiagnosticCode.UNKNOWN_RULE,
            reference.place(),
            "no rule of this set has the id or name '" + name + "'",
            Suggestion.didYouMean(
                name, known, "compile it together with the rules that it refers to"));
  }

  private Targets targets(Node node) {
    Map<String, SigmaRule> own = new LinkedHashMap<>();
    node.document.inline().forEach(rule -> own.put(rule.id(), rule));
    return new Targets() {
      @Override
      public Optional<SigmaRule> detection(String idOrName) {
        return Optional.ofNullable(own.get(idOrName)).or(() -> detections.one(idOrName));
      }

      @Override
      public Optional<StatefulRule> stateful(String idOrName) {
        return resolved.one(idOrName);
      }
    };
  }

  private void refuseLeftOver(Node node) {
    int before = node.file.diagnostics().found().size();
    for (Scalar reference : node.references()) {
      List<Node> targets = nodes.find(reference.text()).stream().filter(n -> !n.done).toList();
      if (targets.stream().anyMatch(target -> leadsTo(target, node))) {
        node.file
            .diagnostics()
            .add(
                DiagnosticCode.REFERENCE_CYCLE,
                reference.place(),
                "'" + reference.text() + "' leads back to this rule",
                "a rule cannot wait for itself: refer to the rules below it");
      } else if (!targets.isEmpty()) {
        unresolvedByCycle(node, reference);
      }
    }
    refuse(node, before);
  }

  private static void unresolvedByCycle(Node node, Scalar reference) {
    node.file
        .diagnostics()
        .add(
            DiagnosticCode.REFUSED_RULE,
            reference.place(),
            "the rule '" + reference.text() + "' is part of a cycle, so this cannot run either",
            "see what is said of that rule");
  }

  /** Whether {@code from} is, or refers by any way among what is left over to, {@code to}. */
  private boolean leadsTo(Node from, Node to) {
    Set<Node> seen = new HashSet<>(Set.of(from));
    Deque<Node> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      Node node = open.remove();
      if (node == to) {
        return true;
      }
      for (Scalar reference : node.references()) {
        nodes.find(reference.text()).stream()
            .filter(n -> !n.done && seen.add(n))
            .forEach(open::add);
      }
    }
    return false;
  }
}
