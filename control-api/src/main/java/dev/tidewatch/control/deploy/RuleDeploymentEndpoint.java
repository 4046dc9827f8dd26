package dev.tidewatch.control.deploy;

import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.change.Changes;
import dev.tidewatch.control.deploy.RuleChanges.Order;
import dev.tidewatch.control.deploy.RuleChanges.Target;
import dev.tidewatch.control.request.Answer;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.DeployRulesRequest;
import dev.tidewatch.control.v1.DeployRulesResponse;
import dev.tidewatch.control.v1.GetRuleStatusRequest;
import dev.tidewatch.control.v1.ListRuleStatusRequest;
import dev.tidewatch.control.v1.RetireRuleRequest;
import dev.tidewatch.control.v1.RollbackRuleRequest;
import dev.tidewatch.control.v1.RuleDeploymentServiceGrpc;
import dev.tidewatch.control.v1.RuleFile;
import dev.tidewatch.control.v1.RuleSetStatus;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.sigma.RuleSource;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * {@code RuleDeploymentService}. Methods run on blocking threads. Rules are shared by all tenants:
 * a caller that is no operator may change only what runs for its own tenant alone.
 */
public final class RuleDeploymentEndpoint
    extends RuleDeploymentServiceGrpc.RuleDeploymentServiceImplBase {
  private static final int MOST_FILES = 10_000;
  private static final int MOST_TENANTS = 1_000;

  private final RunningRules running;
  private final RuleChanges changes;
  private final AuditedDeployments audited;
  private final Supplier<Deployer> caller;

  /**
   * @param audit where deployments are recorded; empty where there is no control database
   * @param caller of the request that the calling thread is about
   */
  public RuleDeploymentEndpoint(
      RunningRules running,
      RuleChanges changes,
      Optional<Changes> audit,
      Supplier<Deployer> caller) {
    this.running = running;
    this.changes = changes;
    this.audited = new AuditedDeployments(audit);
    this.caller = caller;
  }

  @Override
  public void deployRules(
      DeployRulesRequest request, StreamObserver<DeployRulesResponse> observer) {
    Answer.with(observer, () -> deploy(request, caller.get()));
  }

  private DeployRulesResponse deploy(DeployRulesRequest request, Deployer by) {
    check(request);
    Order order = order(request);
    if (request.getDryRun()) {
      requireScope(by, request.getTenantId(), request.getTenantsList());
      return audited.planned(() -> changes.plan(by.actor(), order));
    }
    return audited.run(
        RuleDeploymentServiceGrpc.getDeployRulesMethod(),
        request.getTenantId(),
        request,
        change -> tell(change, order),
        () -> {
          requireScope(by, request.getTenantId(), request.getTenantsList());
          return changes.deploy(by.actor(), order);
        });
  }

  private static Order order(DeployRulesRequest request) {
    List<RuleSource> files =
        request.getFilesList().stream().map(f -> new RuleSource(f.getFile(), f.getText())).toList();
    RuleStage stage =
        request.getStage() == RuleStage.RULE_STAGE_UNSPECIFIED
            ? RuleStage.RULE_STAGE_LIVE
            : request.getStage();
    return new Order(
        files,
        new Target(stage, Set.copyOf(request.getTenantsList())),
        request.getExpectedRevision(),
        request.getRetireMissing());
  }

  private static void tell(Change change, Order order) {
    List<String> files = order.files().stream().map(RuleSource::file).sorted().toList();
    change.about(
        "rules of",
        files.get(0) + (files.size() == 1 ? "" : " and " + (files.size() - 1) + " more"));
    String stage = order.target().stage().name().replace("RULE_STAGE_", "");
    change.detail().put("stage", stage.toLowerCase(Locale.ROOT));
    AuditedDeployments.name(change, "tenants", new TreeSet<>(order.target().tenants()));
    AuditedDeployments.name(change, "files", files);
    if (order.retireMissing()) {
      change.detail().put("retireMissing", true);
    }
    if (order.expected() != 0) {
      change.detail().put("expectedRevision", order.expected());
    }
  }

  private static void check(DeployRulesRequest request) {
    FieldChecks checks = new FieldChecks().tenant(request.getTenantId());
    checks.require(
        request.getFilesCount() > 0 && request.getFilesCount() <= MOST_FILES,
        "files",
        "must be 1 to " + MOST_FILES);
    long distinct = request.getFilesList().stream().map(RuleFile::getFile).distinct().count();
    checks.require(distinct == request.getFilesCount(), "files", "must have names of their own");
    request.getFilesList().forEach(file -> checks.name("files.file", file.getFile()));
    checks.require(
        request.getStage() != RuleStage.RULE_STAGE_RETIRED
            && request.getStage() != RuleStage.UNRECOGNIZED,
        "stage",
        "must be RULE_STAGE_DRAFT, RULE_STAGE_SHADOW or RULE_STAGE_LIVE");
    checks.require(
        request.getTenantsCount() <= MOST_TENANTS, "tenants", "must be at most " + MOST_TENANTS);
    request.getTenantsList().forEach(checks::tenant);
    boolean partly = request.getTenantsCount() > 0 || isBelowLive(request.getStage());
    checks.require(
        !request.getRetireMissing() || !partly,
        "retire_missing",
        "is for rules that are live for all tenants; name neither stage nor tenants");
    checks.done();
  }

  private static boolean isBelowLive(RuleStage stage) {
    return stage == RuleStage.RULE_STAGE_DRAFT || stage == RuleStage.RULE_STAGE_SHADOW;
  }

  @Override
  public void rollbackRule(
      RollbackRuleRequest request, StreamObserver<DeployRulesResponse> observer) {
    Answer.with(
        observer,
        () -> {
          Deployer by = caller.get();
          checkRule(request.getTenantId(), request.getRuleId());
          OptionalInt version =
              request.getVersion() == 0
                  ? OptionalInt.empty()
                  : OptionalInt.of(request.getVersion());
          return audited.run(
              RuleDeploymentServiceGrpc.getRollbackRuleMethod(),
              request.getTenantId(),
              request,
              change -> {
                change.about("rule", request.getRuleId());
                version.ifPresent(to -> change.detail().put("toVersion", to));
              },
              () -> {
                requireOwn(by, request.getTenantId(), request.getRuleId());
                return changes.rollback(by.actor(), request.getRuleId(), version);
              });
        });
  }

  @Override
  public void retireRule(RetireRuleRequest request, StreamObserver<DeployRulesResponse> observer) {
    Answer.with(
        observer,
        () -> {
          Deployer by = caller.get();
          checkRule(request.getTenantId(), request.getRuleId());
          return audited.run(
              RuleDeploymentServiceGrpc.getRetireRuleMethod(),
              request.getTenantId(),
              request,
              change -> change.about("rule", request.getRuleId()),
              () -> {
                requireOwn(by, request.getTenantId(), request.getRuleId());
                return changes.retire(by.actor(), request.getRuleId());
              });
        });
  }

  @Override
  public void listRuleStatus(
      ListRuleStatusRequest request, StreamObserver<RuleSetStatus> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks().tenant(request.getTenantId()).done();
          return report().of(entry -> true);
        });
  }

  @Override
  public void getRuleStatus(GetRuleStatusRequest request, StreamObserver<RuleSetStatus> observer) {
    Answer.with(
        observer,
        () -> {
          checkRule(request.getTenantId(), request.getRuleId());
          RuleSetStatus status =
              report().of(e -> e.placement().getRuleId().equals(request.getRuleId()));
          if (status.getRulesCount() == 0) {
            throw Failures.notFound("no such rule");
          }
          return status;
        });
  }

  private StatusReport report() {
    return new StatusReport(running.book(), running.reports());
  }

  private static void checkRule(String tenantId, String ruleId) {
    new FieldChecks()
        .tenant(tenantId)
        .name("rule_id", ruleId)
        .require(!ruleId.isBlank(), "rule_id", "must be a rule's id")
        .done();
  }

  private static void requireScope(Deployer by, String tenantId, List<String> tenants) {
    if (!by.operator() && !tenants.equals(List.of(tenantId))) {
      throw Status.PERMISSION_DENIED
          .withDescription(
              "rules for other tenants are the operators' to change; name your own in tenants")
          .asRuntimeException();
    }
  }

  /** Rolled back and retired is for all tenants at once. */
  private void requireOwn(Deployer by, String tenantId, String ruleId) {
    RuleBook.Entry entry = running.book().entries().get(ruleId);
    if (entry != null) {
      for (PlacedVersion placed : entry.placement().getVersionsList()) {
        requireScope(by, tenantId, placed.getTenantsList());
      }
    }
  }
}
