package dev.tidewatch.control.deploy;

import dev.tidewatch.control.deploy.AuditedDeployments.Asked;
import dev.tidewatch.control.deploy.Revisions.Note;
import dev.tidewatch.control.deploy.RuleChanges.Order;
import dev.tidewatch.control.deploy.RuleChanges.Outcome;
import dev.tidewatch.control.deploy.RuleChanges.Placed;
import dev.tidewatch.control.deploy.RuleChanges.Target;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.rule.RulePath;
import dev.tidewatch.control.rule.WireRules;
import dev.tidewatch.control.v1.CreateRuleVersionRequest;
import dev.tidewatch.control.v1.CreateRuleVersionResponse;
import dev.tidewatch.control.v1.RuleServiceGrpc;
import dev.tidewatch.control.v1.StoredRuleVersion;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.sigma.RuleDocument;
import dev.tidewatch.sigma.RuleSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Texts that are kept and run nowhere. A text that its rule has had is that version again. */
final class RuleDrafts {
  private final AuditedDeployments audited;
  private final Supplier<Deployer> caller;

  RuleDrafts(AuditedDeployments audited, Supplier<Deployer> caller) {
    this.audited = audited;
    this.caller = caller;
  }

  /** The version in the answer has what the deployment knows of it. */
  CreateRuleVersionResponse create(CreateRuleVersionRequest request) {
    Order order = order(request, caller.get());
    CreateRuleVersionResponse done =
        audited.run(
            new Asked<>(
                RuleServiceGrpc.getCreateRuleVersionMethod(),
                request.getTenantId(),
                request,
                change -> DeploymentRequests.tell(change, order)),
            changes -> changes.deploy(order),
            RuleDrafts::response);
    return done.hasVersion()
        ? done.toBuilder()
            .setWaitsForKafka(audited.waitsForKafka(done.getVersion().getRevision()))
            .build()
        : done;
  }

  private static Order order(CreateRuleVersionRequest request, Deployer by) {
    String file = request.getFile();
    FieldChecks checks = new FieldChecks().tenant(request.getTenantId());
    checks.require(RulePath.isPlain(file), "file", RulePath.problem(file));
    checks.require(!request.getSource().isBlank(), "source", "must be a rule's YAML");
    DeploymentRequests.comment(checks, request.getComment()).done();
    RuleSource source = new RuleSource(file, request.getSource());
    checks
        .require(
            RuleDocument.of(List.of(source)).size() <= 1,
            "source",
            "must be one document: a version is of one rule")
        .done();
    Set<String> tenants = by.operator() ? Set.of() : Set.of(request.getTenantId());
    return new Order(
        List.of(source),
        new Target(RuleStage.RULE_STAGE_DRAFT, tenants),
        0,
        false,
        true,
        Map.of(file, request.getBaseVersion()),
        new Note(by.actor(), "created", request.getComment()));
  }

  private static CreateRuleVersionResponse response(Outcome outcome) {
    CreateRuleVersionResponse.Builder response = CreateRuleVersionResponse.newBuilder();
    outcome.diagnostics().forEach(d -> response.addDiagnostics(WireRules.diagnostic(d)));
    if (outcome.revision() != 0 && !outcome.placed().isEmpty()) {
      Placed rule = outcome.placed().get(0);
      response
          .setExisted(!rule.changed())
          .setVersion(
              StoredRuleVersion.newBuilder()
                  .setRuleId(rule.ruleId())
                  .setVersion(rule.version())
                  .setTitle(rule.title())
                  .setRevision(outcome.revision()));
    }
    return response.build();
  }
}
