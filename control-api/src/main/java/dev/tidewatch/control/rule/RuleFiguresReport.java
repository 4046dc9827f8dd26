package dev.tidewatch.control.rule;

import dev.tidewatch.control.v1.ListRuleFiguresResponse;
import dev.tidewatch.control.v1.RuleFigures;
import dev.tidewatch.control.v1.RuleSetStatus;
import dev.tidewatch.control.v1.RuleStatus;
import dev.tidewatch.control.v1.RuleVerdicts;
import dev.tidewatch.events.v1.RuleStage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What rules have found and cost, beside what people said of their alerts. */
record RuleFiguresReport(
    RuleSetStatus status, List<RuleVerdicts> verdicts, Optional<Map<String, Long>> alerts) {
  /** As the console has it: of fewer alerts that were decided a rate says nothing. */
  private static final long FEWEST_DECIDED = 5;

  /**
   * @param ruleId empty: all rules that run
   */
  ListRuleFiguresResponse of(String ruleId) {
    Map<String, RuleFigures.Builder> rules = new TreeMap<>();
    for (RuleStatus rule : status.getRulesList()) {
      boolean runs =
          rule.getStage() == RuleStage.RULE_STAGE_SHADOW
              || rule.getStage() == RuleStage.RULE_STAGE_LIVE;
      if (ruleId.isEmpty() ? runs : rule.getRuleId().equals(ruleId)) {
        add(rules.computeIfAbsent(rule.getRuleId(), id -> RuleFigures.newBuilder()), rule);
      }
    }
    for (RuleVerdicts verdict : verdicts) {
      RuleFigures.Builder rule = rules.get(verdict.getRuleId());
      if (rule != null) {
        add(rule, verdict);
      }
    }
    alerts.ifPresent(
        byRule -> rules.forEach((id, rule) -> rule.setAlerts24H(byRule.getOrDefault(id, 0L))));
    ListRuleFiguresResponse.Builder response =
        ListRuleFiguresResponse.newBuilder().setSubtasks(status.getSubtasks());
    rules.values().forEach(response::addRules);
    return response.build();
  }

  private static void add(RuleFigures.Builder sum, RuleStatus rule) {
    sum.setRuleId(rule.getRuleId())
        .setTitle(rule.getTitle())
        .setMatches(sum.getMatches() + rule.getMatches())
        .setAlerts(sum.getAlerts() + rule.getAlerts())
        .setNanos(sum.getNanos() + rule.getNanos())
        .setErrors(sum.getErrors() + rule.getErrors())
        .setStateBytes(sum.getStateBytes() + rule.getStateBytes());
  }

  private static void add(RuleFigures.Builder rule, RuleVerdicts verdict) {
    rule.setTruePositives(verdict.getTruePositives())
        .setFalsePositives(verdict.getFalsePositives())
        .setBenign(verdict.getBenign());
    long decided = verdict.getTruePositives() + verdict.getFalsePositives() + verdict.getBenign();
    if (decided >= FEWEST_DECIDED) {
      rule.setFalsePositiveRatio((double) verdict.getFalsePositives() / decided);
    }
  }
}
