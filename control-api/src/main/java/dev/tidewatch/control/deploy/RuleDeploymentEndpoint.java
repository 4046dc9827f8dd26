package dev.tidewatch.control.deploy;

import dev.tidewatch.control.deploy.RuleChanges.Outcome;
import dev.tidewatch.control.deploy.RuleChanges.Target;
import dev.tidewatch.control.request.Answer;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.rule.WireRules;
import dev.tidewatch.control.v1.DeployRulesRequest;
import dev.tidewatch.control.v1.DeployRulesResponse;
import dev.tidewatch.control.v1.DeployedRule;
import dev.tidewatch.control.v1.GetRuleStatusRequest;
import dev.tidewatch.control.v1.ListRuleStatusRequest;
import dev.tidewatch.control.v1.RetireRuleRequest;
import dev.tidewatch.control.v1.RollbackRuleRequest;
import dev.tidewatch.control.v1.RuleDeploymentServiceGrpc;
import dev.tidewatch.control.v1.RuleFile;
import dev.tidewatch.control.v1.RuleSetStatus;
import dev.tidewatch.deploy.DeploymentConflictException;
import dev.tidewatch.deploy.RefusedDeploymentException;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.sigma.RuleSource;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

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
  private final Supplier<Deployer> caller;

  /**
   * @param caller of the request that the calling thread is about
   */
  public RuleDeploymentEndpoint(
      RunningRules running, RuleChanges changes, Supplier<Deployer> caller) {
    this.running = running;
    this.changes = changes;
    this.caller = caller;
  }

  @Override
  public void deployRules(
      DeployRulesRequest request, StreamObserver<DeployRulesResponse> observer) {
    Deployer by = caller.get();
    answer(observer, () -> deploy(request, by));
  }

  private DeployRulesResponse deploy(DeployRulesRequest request, Deployer by) {
    check(request);
    requireScope(by, request.getTenantId(), request.getTenantsList());
    List<RuleSource> files =
        request.getFilesList().stream().map(f -> new RuleSource(f.getFile(), f.getText())).toList();
    RuleStage stage =
        request.getStage() == RuleStage.RULE_STAGE_UNSPECIFIED
            ? RuleStage.RULE_STAGE_LIVE
            : request.getStage();
    Target target = new Target(stage, Set.copyOf(request.getTenantsList()));
    return response(changes.deploy(by.actor(), files, target, request.getExpectedRevision()));
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
    checks.done();
  }

  @Override
  public void rollbackRule(
      RollbackRuleRequest request, StreamObserver<DeployRulesResponse> observer) {
    Deployer by = caller.get();
    answer(
        observer,
        () -> {
          checkRule(request.getTenantId(), request.getRuleId());
          requireOwn(by, request.getTenantId(), request.getRuleId());
          OptionalInt version =
              request.getVersion() == 0
                  ? OptionalInt.empty()
                  : OptionalInt.of(request.getVersion());
          return response(changes.rollback(by.actor(), request.getRuleId(), version));
        });
  }

  @Override
  public void retireRule(RetireRuleRequest request, StreamObserver<DeployRulesResponse> observer) {
    Deployer by = caller.get();
    answer(
        observer,
        () -> {
          checkRule(request.getTenantId(), request.getRuleId());
          requireOwn(by, request.getTenantId(), request.getRuleId());
          return response(changes.retire(by.actor(), request.getRuleId()));
        });
  }

  @Override
  public void listRuleStatus(
      ListRuleStatusRequest request, StreamObserver<RuleSetStatus> observer) {
    answer(
        observer,
        () -> {
          new FieldChecks().tenant(request.getTenantId()).done();
          return report().of(entry -> true);
        });
  }

  @Override
  public void getRuleStatus(GetRuleStatusRequest request, StreamObserver<RuleSetStatus> observer) {
    answer(
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
    new FieldChecks().tenant(tenantId).name("rule_id", ruleId).done();
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

  private static DeployRulesResponse response(Outcome outcome) {
    DeployRulesResponse.Builder response =
        DeployRulesResponse.newBuilder().setRevision(outcome.revision());
    outcome
        .placed()
        .forEach(
            rule ->
                response.addRules(
                    DeployedRule.newBuilder()
                        .setRuleId(rule.ruleId())
                        .setTitle(rule.title())
                        .setVersion(rule.version())
                        .setChanged(rule.changed())));
    outcome.diagnostics().forEach(d -> response.addDiagnostics(WireRules.diagnostic(d)));
    return response.build();
  }

  private static <T> void answer(StreamObserver<T> observer, Callable<T> query) {
    Answer.with(
        observer,
        () -> {
          try {
            return query.call();
          } catch (RefusedDeploymentException e) {
            throw Status.FAILED_PRECONDITION.withDescription(e.getMessage()).asRuntimeException();
          } catch (KafkaException e) {
            throw Failures.unavailable("Kafka does not answer; nothing was deployed, try again");
          } catch (DeploymentConflictException e) {
            throw Status.ABORTED.withDescription(e.getMessage()).asRuntimeException();
          }
        });
  }
}
