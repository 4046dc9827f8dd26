package dev.tidewatch.control.deploy;

import com.google.protobuf.Message;
import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.deploy.AuditedDeployments.Asked;
import dev.tidewatch.control.deploy.Revisions.Note;
import dev.tidewatch.control.deploy.RuleChanges.Order;
import dev.tidewatch.control.deploy.RuleChanges.Outcome;
import dev.tidewatch.control.deploy.RuleChanges.Step;
import dev.tidewatch.control.deploy.RuleChanges.Target;
import dev.tidewatch.control.request.Answer;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.rule.Sight;
import dev.tidewatch.control.v1.DeployRulesRequest;
import dev.tidewatch.control.v1.DeployRulesResponse;
import dev.tidewatch.control.v1.GetRuleStatusRequest;
import dev.tidewatch.control.v1.ImportRulesRequest;
import dev.tidewatch.control.v1.ImportRulesResponse;
import dev.tidewatch.control.v1.ListRuleStatusRequest;
import dev.tidewatch.control.v1.RetireRuleRequest;
import dev.tidewatch.control.v1.RollbackRuleRequest;
import dev.tidewatch.control.v1.RuleDeploymentServiceGrpc;
import dev.tidewatch.control.v1.RuleSetStatus;
import dev.tidewatch.control.v1.StageRuleRequest;
import dev.tidewatch.deploy.RefusedDeploymentException;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleStage;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * {@code RuleDeploymentService}. Methods run on blocking threads. Rules are shared by all tenants:
 * a caller that is no operator may change only what runs for its own tenant alone.
 */
final class RuleDeploymentEndpoint extends RuleDeploymentServiceGrpc.RuleDeploymentServiceImplBase {
  private final Supplier<StatusReport> status;
  private final AuditedDeployments audited;
  private final StoredRules stored;
  private final Supplier<Deployer> caller;

  /**
   * @param status of now
   * @param caller of the request that the calling thread is about
   */
  RuleDeploymentEndpoint(
      Supplier<StatusReport> status,
      AuditedDeployments audited,
      StoredRules stored,
      Supplier<Deployer> caller) {
    this.status = status;
    this.audited = audited;
    this.stored = stored;
    this.caller = caller;
  }

  @Override
  public void deployRules(
      DeployRulesRequest request, StreamObserver<DeployRulesResponse> observer) {
    Answer.with(observer, () -> deploy(request, caller.get()));
  }

  private DeployRulesResponse deploy(DeployRulesRequest request, Deployer by) {
    DeploymentRequests.check(request);
    Order order = DeploymentRequests.order(request, by.actor());
    if (request.getDryRun()) {
      requireScope(by, request.getTenantId(), request.getTenantsList());
      return DeploymentRequests.response(
          audited.planned(request.getTenantId(), changes -> changes.plan(order)));
    }
    return run(
        new Asked<>(
            RuleDeploymentServiceGrpc.getDeployRulesMethod(),
            request.getTenantId(),
            request,
            change -> DeploymentRequests.tell(change, order)),
        changes -> {
          requireScope(by, request.getTenantId(), request.getTenantsList());
          return changes.deploy(order);
        });
  }

  private <Q extends Message> DeployRulesResponse run(
      Asked<Q, DeployRulesResponse> asked, Function<RuleChanges, Outcome> work) {
    DeployRulesResponse done = audited.run(asked, work, DeploymentRequests::response);
    return done.toBuilder().setWaitsForKafka(audited.waitsForKafka(done.getRevision())).build();
  }

  @Override
  public void rollbackRule(
      RollbackRuleRequest request, StreamObserver<DeployRulesResponse> observer) {
    Answer.with(
        observer,
        () -> {
          Deployer by = caller.get();
          DeploymentRequests.comment(
                  DeploymentRequests.rule(request.getTenantId(), request.getRuleId()),
                  request.getComment())
              .done();
          OptionalInt version =
              request.getVersion() == 0
                  ? OptionalInt.empty()
                  : OptionalInt.of(request.getVersion());
          Step step =
              new Step(
                  request.getRuleId(),
                  request.getExpectedRevision(),
                  new Note(by.actor(), "rolled_back", request.getComment()),
                  scope(by, request.getTenantId()),
                  book -> requireOwn(book, by, request.getTenantId(), request.getRuleId()));
          return run(
              asked(
                  RuleDeploymentServiceGrpc.getRollbackRuleMethod(),
                  request.getTenantId(),
                  request,
                  step,
                  change -> version.ifPresent(to -> change.detail().put("toVersion", to))),
              changes -> changes.rollback(step, older(by, request, version)));
        });
  }

  private static <Q extends Message> Asked<Q, DeployRulesResponse> asked(
      MethodDescriptor<Q, DeployRulesResponse> method,
      String tenant,
      Q request,
      Step step,
      java.util.function.Consumer<Change> more) {
    return new Asked<>(
        method,
        tenant,
        request,
        change -> {
          change.about("rule", step.ruleId());
          more.accept(change);
          DeploymentRequests.tell(change, step.expected(), step.note().comment());
        });
  }

  @Override
  public void retireRule(RetireRuleRequest request, StreamObserver<DeployRulesResponse> observer) {
    Answer.with(
        observer,
        () -> {
          Deployer by = caller.get();
          DeploymentRequests.comment(
                  DeploymentRequests.rule(request.getTenantId(), request.getRuleId()),
                  request.getComment())
              .done();
          Step step =
              new Step(
                  request.getRuleId(),
                  request.getExpectedRevision(),
                  new Note(by.actor(), "retired", request.getComment()),
                  scope(by, request.getTenantId()),
                  book -> requireOwn(book, by, request.getTenantId(), request.getRuleId()));
          return run(
              asked(
                  RuleDeploymentServiceGrpc.getRetireRuleMethod(),
                  request.getTenantId(),
                  request,
                  step,
                  change -> {}),
              changes -> changes.retire(step));
        });
  }

  @Override
  public void stageRule(StageRuleRequest request, StreamObserver<DeployRulesResponse> observer) {
    Answer.with(
        observer,
        () -> {
          DeploymentRequests.check(request);
          return stage(request, caller.get());
        });
  }

  private DeployRulesResponse stage(StageRuleRequest request, Deployer by) {
    boolean retire = request.getStage() == RuleStage.RULE_STAGE_RETIRED;
    Target target = new Target(request.getStage(), Set.copyOf(request.getTenantsList()));
    OptionalInt version =
        request.getVersion() == 0 ? OptionalInt.empty() : OptionalInt.of(request.getVersion());
    Step step =
        new Step(
            request.getRuleId(),
            request.getExpectedRevision(),
            new Note(by.actor(), retire ? "retired" : "staged", request.getComment()),
            retire ? scope(by, request.getTenantId()) : Set.of(),
            book -> {
              if (retire) {
                requireOwn(book, by, request.getTenantId(), request.getRuleId());
              } else {
                requireScope(by, request.getTenantId(), request.getTenantsList());
              }
            });
    return run(
        asked(
            RuleDeploymentServiceGrpc.getStageRuleMethod(),
            request.getTenantId(),
            request,
            step,
            change -> {
              DeploymentRequests.tell(change, target);
              version.ifPresent(number -> change.detail().put("version", number));
            }),
        changes ->
            retire
                ? changes.retire(step)
                : changes.stage(step, seen(by, request, version), target));
  }

  /** The version to place: for who is no operator, one whose text it may see. */
  private OptionalInt seen(Deployer by, StageRuleRequest request, OptionalInt version) {
    RuleBook.Entry entry = stored.book().entries().get(request.getRuleId());
    if (by.operator() || entry == null) {
      return version;
    }
    SeenVersions seen = stored.seen(request.getTenantId(), request.getRuleId());
    int newest =
        seen.newest(entry.versions().keySet())
            .orElseThrow(() -> Failures.notFound("there is no rule " + request.getRuleId()));
    return required(seen, request.getRuleId(), version.orElse(newest));
  }

  /** The version to go back to: for who is no operator, one below its own whose text it sees. */
  private OptionalInt older(Deployer by, RollbackRuleRequest request, OptionalInt version) {
    RuleBook.Entry entry = stored.book().entries().get(request.getRuleId());
    if (by.operator() || entry == null) {
      return version;
    }
    Optional<PlacedVersion> own =
        new Sight(request.getTenantId(), false)
            .placed(entry.placement().getVersionsList()).stream()
                .filter(placed -> placed.getTenantsCount() > 0)
                .max(Comparator.comparing(RuleBook::runs));
    if (own.isEmpty()) {
      return version;
    }
    SeenVersions seen = stored.seen(request.getTenantId(), request.getRuleId());
    int below =
        seen.newest(entry.versions().headMap(own.get().getVersion(), false).keySet()).orElse(0);
    if (version.isEmpty() && below == 0) {
      throw Failures.notFound("rule " + request.getRuleId() + " has no older version");
    }
    return required(seen, request.getRuleId(), version.orElse(below));
  }

  private static OptionalInt required(SeenVersions seen, String ruleId, int version) {
    if (!seen.test(version)) {
      throw Failures.notFound("rule " + ruleId + " has no version " + version);
    }
    return OptionalInt.of(version);
  }

  @Override
  public void importRules(
      ImportRulesRequest request, StreamObserver<ImportRulesResponse> observer) {
    Answer.with(observer, () -> imported(request, caller.get()));
  }

  private ImportRulesResponse imported(ImportRulesRequest request, Deployer by) {
    RuleImport asked = RuleImport.of(request, by.actor());
    if (request.getDryRun()) {
      requireScope(by, request.getTenantId(), List.of());
      return asked.response(
          audited.planned(
              request.getTenantId(), changes -> asked.run(order -> changes.plan(order))));
    }
    ImportRulesResponse done =
        audited.run(
            new Asked<>(
                RuleDeploymentServiceGrpc.getImportRulesMethod(),
                request.getTenantId(),
                request,
                change -> DeploymentRequests.tell(change, asked.order())),
            changes -> {
              requireScope(by, request.getTenantId(), List.of());
              return asked.run(changes::deploy);
            },
            asked::response);
    return done.toBuilder().setWaitsForKafka(audited.waitsForKafka(done.getRevision())).build();
  }

  @Override
  public void listRuleStatus(
      ListRuleStatusRequest request, StreamObserver<RuleSetStatus> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks().tenant(request.getTenantId()).done();
          return status.get().of(entry -> true, sight(request.getTenantId()));
        });
  }

  @Override
  public void getRuleStatus(GetRuleStatusRequest request, StreamObserver<RuleSetStatus> observer) {
    Answer.with(
        observer,
        () -> {
          DeploymentRequests.rule(request.getTenantId(), request.getRuleId()).done();
          RuleSetStatus answer =
              status
                  .get()
                  .of(
                      e -> e.placement().getRuleId().equals(request.getRuleId()),
                      sight(request.getTenantId()));
          if (answer.getRulesCount() == 0) {
            throw Failures.notFound("no such rule");
          }
          return answer;
        });
  }

  private Sight sight(String tenant) {
    return new Sight(tenant, caller.get().operator());
  }

  private static void requireScope(Deployer by, String tenantId, List<String> tenants) {
    if (!by.operator() && !tenants.equals(List.of(tenantId))) {
      throw Status.PERMISSION_DENIED
          .withDescription(
              "rules for other tenants are the operators' to change; name your own in tenants")
          .asRuntimeException();
    }
  }

  /** Whose version is rolled back and retired: of who is no operator its own tenant's. */
  private static Set<String> scope(Deployer by, String tenantId) {
    return by.operator() ? Set.of() : Set.of(tenantId);
  }

  /** Of a rule that others have a tenant changes what it has for itself. */
  private static void requireOwn(RuleBook book, Deployer by, String tenantId, String ruleId) {
    RuleBook.Entry entry = book.entries().get(ruleId);
    if (by.operator() || entry == null) {
      return;
    }
    List<PlacedVersion> seen =
        new Sight(tenantId, false).placed(entry.placement().getVersionsList());
    if (seen.isEmpty()) {
      throw noSuchRule(ruleId);
    }
    if (seen.stream().noneMatch(placed -> placed.getTenantsCount() > 0)) {
      requireScope(by, tenantId, List.of());
    }
  }

  private static RuntimeException noSuchRule(String ruleId) {
    return new RefusedDeploymentException("there is no rule " + ruleId);
  }
}
