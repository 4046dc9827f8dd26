package dev.tidewatch.pattern;

import static dev.tidewatch.diagnostic.DiagnosticCode.CHAIN_FIELD;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.pattern.parse.PatternTree;
import dev.tidewatch.pattern.parse.PatternTree.Body;
import dev.tidewatch.remember.Member;
import dev.tidewatch.remember.StatefulDocument.Targets;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The members of a pattern while it is resolved: each rule once, however many steps name it. */
final class PatternMembers {
  private static final class Draft {
    private final String name;
    private final Set<String> names;
    private final String ruleId;
    private final Optional<StatefulRule> chained;
    private final Place place;
    private final Set<String> fields = new LinkedHashSet<>();

    Draft(
        String name,
        Set<String> names,
        String ruleId,
        Optional<StatefulRule> chained,
        Place place) {
      this.name = name;
      this.names = names;
      this.ruleId = ruleId;
      this.chained = chained;
      this.place = place;
    }
  }

  private final PatternTree tree;
  private final Targets targets;
  private final Diagnostics diagnostics;
  private final List<Draft> drafts = new ArrayList<>();

  PatternMembers(PatternTree tree, Targets targets, Diagnostics diagnostics) {
    this.tree = tree;
    this.targets = targets;
    this.diagnostics = diagnostics;
  }

  int size() {
    return drafts.size();
  }

  /** Deepest chain below; 0 when all are detection rules. */
  int depth() {
    return drafts.stream()
        .flatMap(d -> d.chained.stream())
        .mapToInt(StatefulRule::depth)
        .max()
        .orElse(0);
  }

  /** Longest lateness below. */
  Duration lateness() {
    return drafts.stream()
        .flatMap(d -> d.chained.stream())
        .map(StatefulRule::lateness)
        .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) >= 0 ? a : b);
  }

  /** Mask of the members of a body that is no conjunction. */
  long mask(Body body) {
    if (body instanceof Body.Any any) {
      return any.bodies().stream().mapToLong(this::mask).reduce(0, (a, b) -> a | b);
    }
    if (body instanceof Body.Inline inline) {
      return bit(
          new Draft(
              inline.name(),
              names(inline.name()),
              inline.rule().head().id(),
              Optional.empty(),
              inline.place()));
    }
    return body instanceof Body.Reference reference ? reference(reference.name()) : 0;
  }

  private long reference(Scalar name) {
    Optional<SigmaRule> detection = targets.detection(name.text());
    if (detection.isPresent()) {
      SigmaRule rule = detection.get();
      Set<String> names = names(name.text(), rule.id(), rule.name());
      return bit(new Draft(name.text(), names, rule.id(), Optional.empty(), name.place()));
    }
    Optional<StatefulRule> stateful = targets.stateful(name.text());
    if (stateful.isEmpty()) {
      throw new IllegalStateException("unresolved: " + name.text());
    }
    Set<String> names = names(name.text(), stateful.get().id(), stateful.get().head().name());
    return bit(new Draft(name.text(), names, stateful.get().id(), stateful, name.place()));
  }

  private static Set<String> names(String... names) {
    Set<String> all = new LinkedHashSet<>(List.of(names));
    all.remove("");
    return all;
  }

  private long bit(Draft draft) {
    for (int i = 0; i < drafts.size(); i++) {
      if (drafts.get(i).ruleId.equals(draft.ruleId)) {
        drafts.get(i).names.addAll(draft.names);
        return 1L << i;
      }
    }
    drafts.add(draft);
    return 1L << (drafts.size() - 1);
  }

  /**
   * Has the members of {@code mask} carry {@code field}.
   *
   * @return where it stands in their fields, by member; -1 for the others
   */
  List<Integer> indexes(long mask, String field) {
    List<Integer> indexes = new ArrayList<>();
    for (int i = 0; i < drafts.size(); i++) {
      if ((mask >>> i & 1) == 0) {
        indexes.add(-1);
        continue;
      }
      Draft draft = drafts.get(i);
      String its = nameThere(draft, field);
      checkChained(draft, its);
      draft.fields.add(its);
      indexes.add(List.copyOf(draft.fields).indexOf(its));
    }
    return indexes;
  }

  /** Its field is called so in the pattern; there it may be an alias of another. */
  private String nameThere(Draft draft, String field) {
    Map<Scalar, String> alias = tree.aliases().getOrDefault(field, Map.of());
    return alias.entrySet().stream()
        .filter(e -> draft.names.contains(e.getKey().text()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(field);
  }

  private void checkChained(Draft draft, String field) {
    if (draft.chained.isPresent() && !draft.chained.get().groupBy().contains(field)) {
      diagnostics.add(
          CHAIN_FIELD,
          draft.place,
          "'" + draft.name + "' has no field '" + field + "': it has what it is grouped by",
          "one of "
              + String.join(", ", draft.chained.get().groupBy())
              + "; aliases: may name another");
    }
  }

  boolean knows(String name) {
    return drafts.stream().anyMatch(d -> d.names.contains(name));
  }

  List<Member> build() {
    List<Member> members = new ArrayList<>();
    for (Draft draft : drafts) {
      List<String> group = new ArrayList<>();
      for (Scalar by : tree.by()) {
        String its = nameThere(draft, by.text());
        checkChained(draft, its);
        group.add(its);
      }
      members.add(
          new Member(
              members.size(),
              draft.name,
              draft.ruleId,
              draft.chained.isPresent(),
              group,
              List.copyOf(draft.fields)));
    }
    return members;
  }
}
