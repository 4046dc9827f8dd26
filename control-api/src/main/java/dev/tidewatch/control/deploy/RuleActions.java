package dev.tidewatch.control.deploy;

import dev.tidewatch.control.deploy.RuleChanges.Placed;
import dev.tidewatch.control.v1.RuleAction;
import dev.tidewatch.deploy.Deployment.Plan;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleOrigin;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.sigma.RuleDocument;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a plan does to each rule, and what a set of files asks of a book. */
record RuleActions(RuleBook before, Plan plan) {
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
    if (entry == null || entry.placement().getVersionsCount() != 1) {
      return false;
    }
    PlacedVersion placed = entry.placement().getVersions(0);
    return placed.getStage() == RuleStage.RULE_STAGE_LIVE
        && placed.getTenantsCount() == 0
        && entry.version(placed.getVersion()).getHash().equals(document.hash());
  }

  /** Whether the rule has had the document's text. */
  static boolean isKnown(RuleBook book, RuleDocument document) {
    Entry entry = book.entries().get(document.id());
    return entry != null
        && entry.versions().values().stream()
            .anyMatch(version -> version.getHash().equals(document.hash()));
  }

  /** The version is that of the document's text, which need not be the one for all. */
  Placed of(RuleDocument document) {
    Entry after = plan.after().entries().get(document.id());
    int version =
        after == null
            ? 0
            : after.versions().values().stream()
                .filter(known -> known.getHash().equals(document.hash()))
                .mapToInt(known -> known.getVersion())
                .findFirst()
                .orElse(0);
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
    Entry after = plan.after().entries().get(ruleId);
    boolean retired =
        after != null
            && after.placement().getVersionsList().stream()
                .allMatch(placed -> placed.getStage() == RuleStage.RULE_STAGE_RETIRED);
    if (retired) {
      return RuleAction.RULE_ACTION_RETIRE;
    }
    return previous == 0 ? RuleAction.RULE_ACTION_CREATE : RuleAction.RULE_ACTION_UPDATE;
  }

  private static int ran(@Nullable Entry entry) {
    return entry == null
        ? 0
        : entry
            .main()
            .or(() -> entry.running().findFirst())
            .map(PlacedVersion::getVersion)
            .orElse(0);
  }

  /** As {@link #ran}, also of a rule that is retired. */
  private static int main(@Nullable Entry entry) {
    int running = ran(entry);
    return running != 0 || entry == null || entry.placement().getVersionsCount() == 0
        ? running
        : entry.placement().getVersions(0).getVersion();
  }
}
