package dev.tidewatch.control.rule;

import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.ListRulesRequest;
import dev.tidewatch.control.v1.Rule;
import dev.tidewatch.events.v1.RuleStage;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a list of rules is asked for. */
record RuleFilter(ListRulesRequest asked, List<String> words, Set<RuleStage> stages)
    implements Predicate<Rule> {
  private static final Set<RuleStage> RUNNING =
      Set.of(RuleStage.RULE_STAGE_SHADOW, RuleStage.RULE_STAGE_LIVE);
  private static final Set<String> GROUPS = Set.of("correlation", "pattern");

  static RuleFilter of(ListRulesRequest request) {
    Set<RuleStage> stages =
        request.getStagesCount() == 0 ? RUNNING : Set.copyOf(request.getStagesList());
    List<String> words = FieldChecks.split(request.getText().toLowerCase(Locale.ROOT));
    return new RuleFilter(request, words, stages);
  }

  static FieldChecks check(FieldChecks checks, ListRulesRequest request) {
    boolean known =
        request.getStagesList().stream()
            .allMatch(s -> s != RuleStage.RULE_STAGE_UNSPECIFIED && s != RuleStage.UNRECOGNIZED);
    return checks
        .words("text", request.getText())
        .name("tag", request.getTag())
        .name("technique_id", request.getTechniqueId())
        .require(known, "stages", "must be RULE_STAGE_DRAFT to RULE_STAGE_RETIRED")
        .name("product", request.getProduct())
        .name("category", request.getCategory())
        .name("service", request.getService())
        .name("kind", request.getKind());
  }

  @Override
  public boolean test(Rule rule) {
    return stages.contains(rule.getStage())
        && isKind(rule)
        && words.stream().allMatch(word -> contains(rule, word))
        && (asked.getTag().isEmpty() || hasTag(rule))
        && (asked.getTechniqueId().isEmpty() || hasTechnique(rule))
        && (asked.getLevelsCount() == 0 || asked.getLevelsList().contains(rule.getLevel()))
        && isFree(asked.getProduct(), rule.getLogSource().getProduct())
        && isFree(asked.getCategory(), rule.getLogSource().getCategory())
        && isFree(asked.getService(), rule.getLogSource().getService());
  }

  /** A filter is no rule by itself: it is listed when it is asked for. */
  private boolean isKind(Rule rule) {
    String kind = asked.getKind();
    if (kind.isEmpty()) {
      return !rule.getKind().equals("filter");
    }
    return rule.getKind().equals(kind)
        || (GROUPS.contains(kind) && RuleHeads.group(rule.getSource()).equals(kind));
  }

  private static boolean contains(Rule rule, String word) {
    return Stream.concat(Stream.of(rule.getTitle(), rule.getRuleId()), rule.getTagsList().stream())
        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(word));
  }

  private boolean hasTag(Rule rule) {
    return rule.getTagsList().stream().anyMatch(tag -> tag.equalsIgnoreCase(asked.getTag()));
  }

  private boolean hasTechnique(Rule rule) {
    String wanted = asked.getTechniqueId().toUpperCase(Locale.ROOT);
    return rule.getTechniqueIdsList().stream()
        .anyMatch(id -> id.equals(wanted) || id.startsWith(wanted + "."));
  }

  private static boolean isFree(String wanted, String value) {
    return wanted.isEmpty() || wanted.equalsIgnoreCase(value);
  }
}
