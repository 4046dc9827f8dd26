package dev.tidewatch.control.deploy;

import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.deploy.Revisions.Note;
import dev.tidewatch.control.deploy.RuleChanges.Order;
import dev.tidewatch.control.deploy.RuleChanges.Outcome;
import dev.tidewatch.control.deploy.RuleChanges.Target;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.rule.WireRules;
import dev.tidewatch.control.v1.DeployRulesRequest;
import dev.tidewatch.control.v1.DeployRulesResponse;
import dev.tidewatch.control.v1.DeployedRule;
import dev.tidewatch.control.v1.RuleFile;
import dev.tidewatch.control.v1.StageRuleRequest;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.sigma.RuleSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What requests for deployments ask, checked, and what they are answered. */
final class DeploymentRequests {
  static final int MOST_FILES = 10_000;
  private static final int MOST_TENANTS = 1_000;
  private static final int LONGEST_COMMENT = 2_000;

  private DeploymentRequests() {}

  static Order order(DeployRulesRequest request, String author) {
    Map<String, Integer> bases = new HashMap<>();
    for (RuleFile file : request.getFilesList()) {
      if (file.getBaseVersion() != 0) {
        bases.put(file.getFile(), file.getBaseVersion());
      }
    }
    return new Order(
        sources(request.getFilesList()),
        new Target(
            orElse(request.getStage(), RuleStage.RULE_STAGE_LIVE),
            Set.copyOf(request.getTenantsList())),
        request.getExpectedRevision(),
        request.getRetireMissing(),
        false,
        bases,
        new Note(author, "staged", request.getComment()));
  }

  static List<RuleSource> sources(List<RuleFile> files) {
    return files.stream().map(file -> new RuleSource(file.getFile(), file.getText())).toList();
  }

  static RuleStage orElse(RuleStage stage, RuleStage otherwise) {
    return stage == RuleStage.RULE_STAGE_UNSPECIFIED ? otherwise : stage;
  }

  static void tell(Change change, Order order) {
    List<String> files = order.files().stream().map(RuleSource::file).sorted().toList();
    change.about(
        "rules of",
        files.get(0) + (files.size() == 1 ? "" : " and " + (files.size() - 1) + " more"));
    tell(change, order.target());
    AuditedDeployments.name(change, "files", files);
    if (order.retireMissing()) {
      change.detail().put("retireMissing", true);
    }
    tell(change, order.expected(), order.note().comment());
  }

  static void tell(Change change, Target target) {
    String stage = target.stage().name().replace("RULE_STAGE_", "");
    change.detail().put("stage", stage.toLowerCase(Locale.ROOT));
    AuditedDeployments.name(change, "tenants", new TreeSet<>(target.tenants()));
  }

  static void tell(Change change, long expected, String comment) {
    if (expected != 0) {
      change.detail().put("expectedRevision", expected);
    }
    if (!comment.isEmpty()) {
      change.detail().put("comment", comment);
    }
  }

  static void check(DeployRulesRequest request) {
    FieldChecks checks = new FieldChecks().tenant(request.getTenantId());
    checks.require(
        request.getFilesCount() > 0 && request.getFilesCount() <= MOST_FILES,
        "files",
        "must be 1 to " + MOST_FILES);
    long distinct = request.getFilesList().stream().map(RuleFile::getFile).distinct().count();
    checks.require(distinct == request.getFilesCount(), "files", "must have names of their own");
    request.getFilesList().forEach(file -> checks.name("files.file", file.getFile()));
    target(checks, request.getStage(), request.getTenantsList());
    boolean partly = request.getTenantsCount() > 0 || isBelowLive(request.getStage());
    checks.require(
        !request.getRetireMissing() || !partly,
        "retire_missing",
        "is for rules that are live for all tenants; name neither stage nor tenants");
    comment(checks, request.getComment()).done();
  }

  private static void target(FieldChecks checks, RuleStage stage, List<String> tenants) {
    checks.require(
        stage != RuleStage.RULE_STAGE_RETIRED && stage != RuleStage.UNRECOGNIZED,
        "stage",
        "must be RULE_STAGE_DRAFT, RULE_STAGE_SHADOW or RULE_STAGE_LIVE");
    checks.require(tenants.size() <= MOST_TENANTS, "tenants", "must be at most " + MOST_TENANTS);
    tenants.forEach(checks::tenant);
  }

  private static boolean isBelowLive(RuleStage stage) {
    return stage == RuleStage.RULE_STAGE_DRAFT || stage == RuleStage.RULE_STAGE_SHADOW;
  }

  static void check(StageRuleRequest request) {
    FieldChecks checks = rule(request.getTenantId(), request.getRuleId());
    RuleStage stage = request.getStage();
    checks.require(
        stage != RuleStage.RULE_STAGE_UNSPECIFIED && stage != RuleStage.UNRECOGNIZED,
        "stage",
        "must be RULE_STAGE_DRAFT to RULE_STAGE_RETIRED");
    boolean retired = stage == RuleStage.RULE_STAGE_RETIRED;
    target(checks, retired ? RuleStage.RULE_STAGE_LIVE : stage, request.getTenantsList());
    checks.require(
        !retired || request.getTenantsCount() == 0,
        "tenants",
        "are not for retiring: a rule is retired for all");
    comment(checks, request.getComment()).done();
  }

  static FieldChecks rule(String tenantId, String ruleId) {
    return new FieldChecks()
        .tenant(tenantId)
        .name("rule_id", ruleId)
        .require(!ruleId.isBlank(), "rule_id", "must be a rule's id");
  }

  static FieldChecks comment(FieldChecks checks, String comment) {
    return checks.text("comment", comment, LONGEST_COMMENT);
  }

  static DeployRulesResponse response(Outcome outcome) {
    DeployRulesResponse.Builder response =
        DeployRulesResponse.newBuilder()
            .setRevision(outcome.revision())
            .addAllRules(rules(outcome));
    outcome.diagnostics().forEach(d -> response.addDiagnostics(WireRules.diagnostic(d)));
    return response.build();
  }

  static List<DeployedRule> rules(Outcome outcome) {
    return outcome.placed().stream()
        .map(
            rule ->
                DeployedRule.newBuilder()
                    .setRuleId(rule.ruleId())
                    .setTitle(rule.title())
                    .setVersion(rule.version())
                    .setChanged(rule.changed())
                    .setAction(rule.action())
                    .setPreviousVersion(rule.previous())
                    .build())
        .toList();
  }
}
