package dev.tidewatch.control.deploy;

import dev.tidewatch.control.deploy.RuleChanges.Placed;
import dev.tidewatch.control.rule.Sight;
import dev.tidewatch.control.v1.RuleAction;
import dev.tidewatch.deploy.Deployment.Plan;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleOrigin;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.sigma.RuleDocument;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a plan does to each rule, and what a set of files asks of a book.
 *
 * @param sight of whom it is told to: what runs for others alone does not run
 */
record RuleActions(RuleBook before, Plan plan, Sight sight) {
  /** Ids of rules that run, were deployed by hand, and are none of the documents. */
  static Set<String> missing(RuleBook book, List<RuleDocument> documents) {
    Set<String> present = documents.stream().map(RuleDocument::id).collect(Collectors.toSet());
    return book.entries().values().stream()
        .filter(entry -> entry.placement().getOrigin() == RuleOrigin.RULE_ORIGIN_HAND)
        .filter(entry -> entry.running().findAny().isPresent())
        .map(entry -> entry.placement().getRuleId())
        .filter(id -> !present.contains(id))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether the document's text is live for all tenants, and nothing else of the rule runs. */
  static boolean isLiveForAll(RuleBook book, RuleDocument document) {
    Entry entry = book.entries().get(document.id());
    if (entry == null || entry.running().count() != 1) {
      return false;
    }
    PlacedVersion placed = entry.running().findFirst().orElseThrow();
    return placed.getStage() == RuleStage.RULE_STAGE_LIVE
        && placed.getTenantsCount() == 0
        && entry.version(placed.getVersion()).getHash().equals(document.hash());
  }

  /** The version, of those that are seen, that has the document's text; 0: none. */
  static int known(RuleBook book, RuleDocument document, IntPredicate seen) {
    Entry entry = book.entries().get(document.id());
    return entry == null
        ? 0
        : entry.versions().values().stream()
            .filter(version -> version.getHash().equals(document.hash()))
            .mapToInt(RuleVersion::getVersion)
            .filter(seen)
            .findFirst()
            .orElse(0);
  }

  /**
   * @param version that the document's text has, which need not be the one for all
   */
  Placed of(RuleDocument document, int version) {
    return placed(document.id(), document.title(), version);
  }

  /** The version that runs after the plan, or that ran until then. */
  Placed of(String ruleId) {
    Entry after = plan.after().entries().get(ruleId);
    int version = main(after);
    String title = after == null || version == 0 ? "" : after.version(version).getTitle();
    return placed(ruleId, title, version);
  }

  private Placed placed(String ruleId, String title, int version) {
    int previous = ran(before.entries().get(ruleId));
    return new Placed(ruleId, title, version, action(ruleId, previous), previous);
  }

  private RuleAction action(String ruleId, int previous) {
    if (!plan.changed().contains(ruleId)) {
      return RuleAction.RULE_ACTION_UNCHANGED;
    }
    List<PlacedVersion> after = seen(plan.after().entries().get(ruleId));
    boolean retired =
        after.stream().noneMatch(RuleBook::runs)
            && after.stream().anyMatch(placed -> placed.getStage() == RuleStage.RULE_STAGE_RETIRED);
    if (retired) {
      return RuleAction.RULE_ACTION_RETIRE;
    }
    return previous == 0 ? RuleAction.RULE_ACTION_CREATE : RuleAction.RULE_ACTION_UPDATE;
  }

  private List<PlacedVersion> seen(@Nullable Entry entry) {
    return entry == null ? List.of() : sight.placed(entry.placement().getVersionsList());
  }

  private int ran(@Nullable Entry entry) {
    return entry == null
        ? 0
        : entry
            .main()
            .or(() -> seen(entry).stream().filter(RuleBook::runs).findFirst())
            .map(PlacedVersion::getVersion)
            .orElse(0);
  }

  /** As {@link #ran}, also of a rule that is retired. */
  private int main(@Nullable Entry entry) {
    int running = ran(entry);
    return running != 0
        ? running
        : seen(entry).stream().findFirst().map(PlacedVersion::getVersion).orElse(0);
  }
}
