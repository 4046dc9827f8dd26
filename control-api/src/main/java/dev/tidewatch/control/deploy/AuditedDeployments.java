package dev.tidewatch.control.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.DatabaseUnavailableException;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.deploy.Revisions.Note;
import dev.tidewatch.control.deploy.RuleChanges.Outcome;
import dev.tidewatch.control.deploy.RuleChanges.Placed;
import dev.tidewatch.control.deploy.RuleErasure.Erased;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.deploy.Deployment;
import dev.tidewatch.deploy.Deployment.Plan;
import dev.tidewatch.deploy.DeploymentConflictException;
import dev.tidewatch.deploy.RefusedDeploymentException;
import dev.tidewatch.deploy.RuleTopic;
import dev.tidewatch.diagnostic.Diagnostic;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;

/**
 * Runs deployments, each with its audit record: one transaction of the control database holds both.
 * One at a time, so that deployments that wait for each other do not hold every connection. Without
 * a control database they go straight to Kafka, and nothing is recorded.
 */
final class AuditedDeployments {
  /** Rules, files and tenants that a record names one by one; it also says how many there are. */
  private static final int MOST_NAMED = 50;

  private static final long TURN_SECONDS = 10;

  private final Optional<RecordedRules> recorded;
  private final DeployedSet compiler;
  private final Revisions direct;
  private final Clock clock;
  private final Semaphore turn = new Semaphore(1, true);

  /**
   * @param recorded empty where access is open and there is no control database
   * @param compiler keeps what it has compiled, for the next change
   */
  AuditedDeployments(
      Optional<RecordedRules> recorded, RuleTopic topic, DeployedSet compiler, Clock clock) {
    this.recorded = recorded;
    this.compiler = compiler;
    this.direct = new Revisions.Direct(topic);
    this.clock = clock;
  }

  /** What is asked for, as its audit record tells it. */
  record Asked<Q extends Message, R extends Message>(
      MethodDescriptor<Q, R> method, String tenant, Q request, Consumer<Change> story) {}

  /**
   * Runs {@code work} for the caller of this thread's call.
   *
   * @param answer what the outcome is to the caller
   */
  <Q extends Message, R extends Message> R run(
      Asked<Q, R> asked, Function<RuleChanges, Outcome> work, Function<Outcome, R> answer) {
    takeTurn();
    try {
      if (recorded.isEmpty()) {
        return answer.apply(translated(() -> work.apply(changes(direct))));
      }
      recorded.get().catchUp();
      return recorded(recorded.get(), asked, work, answer);
    } finally {
      turn.release();
    }
  }

  private <Q extends Message, R extends Message> R recorded(
      RecordedRules rules,
      Asked<Q, R> asked,
      Function<RuleChanges, Outcome> work,
      Function<Outcome, R> answer) {
    try {
      return rules
          .changes()
          .runToldWhenRefused(
              asked.method(),
              asked.tenant(),
              asked.request(),
              change -> {
                asked.story().accept(change);
                Outcome outcome = translated(() -> work.apply(changes(rules.in(change))));
                tell(change, outcome);
                return answer.apply(outcome);
              });
    } catch (DatabaseUnavailableException e) {
      throw Failures.unavailable(
          "the control database does not answer, and no deployment goes unrecorded;"
              + " nothing was deployed, try again");
    }
  }

  private RuleChanges changes(Revisions revisions) {
    return new RuleChanges(revisions, compiler, clock);
  }

  private static void tell(Change change, Outcome outcome) {
    if (outcome.revision() == 0) {
      change.refuse(reason(outcome.diagnostics()));
    } else {
      change.detail().put("revision", outcome.revision());
      name(change, "rules", outcome.placed().stream().map(AuditedDeployments::line).toList());
    }
  }

  private static String line(Placed rule) {
    String action = rule.action().name().replace("RULE_ACTION_", "").toLowerCase(Locale.ROOT);
    String from = rule.previous() == 0 ? "" : " from " + rule.previous();
    return "%s version %d%s: %s".formatted(rule.ruleId(), rule.version(), from, action);
  }

  private static String reason(List<Diagnostic> diagnostics) {
    List<Diagnostic> errors = diagnostics.stream().filter(Diagnostic::isError).toList();
    return errors.stream()
            .limit(3)
            .map(e -> "%s:%d: %s %s".formatted(e.file(), e.line(), e.code(), e.message()))
            .collect(Collectors.joining("; "))
        + (errors.size() > 3 ? " and " + (errors.size() - 3) + " more" : "");
  }

  /** Adds a list to the record's detail, and its length when it is cut. */
  static void name(Change change, String list, Collection<String> all) {
    ObjectNode detail = change.detail();
    ArrayNode named = detail.putArray(list);
    all.stream().limit(MOST_NAMED).forEach(named::add);
    if (all.size() > MOST_NAMED) {
      detail.put(list + "Total", all.size());
    }
  }

  /** Runs what only looks: nothing is recorded, and others may look at the same time. */
  Outcome planned(String tenant, Function<RuleChanges, Outcome> look) {
    recorded.ifPresent(RecordedRules::catchUp);
    return translated(
        () ->
            recorded.isEmpty()
                ? look.apply(changes(direct))
                : recorded.get().reading(tenant, revisions -> look.apply(changes(revisions))));
  }

  /**
   * Makes a tenant's value lists these, in the transaction of a change that has them to itself.
   *
   * @return the revision in force with them
   */
  long valueLists(Change change, Map<String, Deployment.ValueList> lists) {
    Revisions revisions =
        recorded.orElseThrow(() -> new IllegalStateException("no control database")).in(change);
    String author = change.principal().actor();
    return translated(
            () -> changes(revisions).valueLists(author, change.transaction().tenant(), lists))
        .revision();
  }

  /**
   * The same without a change of anybody: for lists that are recorded, and the rules not told of.
   */
  void valueLists(String author, String tenant, Map<String, Deployment.ValueList> lists) {
    Outcome unused =
        recorded
            .orElseThrow(() -> new IllegalStateException("no control database"))
            .reading(tenant, revisions -> changes(revisions).valueLists(author, tenant, lists));
  }

  /**
   * Takes the tenant of a change out of the rules, with the versions that are its alone.
   *
   * @return empty while nothing was ever read, and so nothing is kept
   */
  Optional<Erased> erase(Change change) {
    RecordedRules rules =
        recorded.orElseThrow(() -> new IllegalStateException("no control database"));
    TenantTransaction transaction = change.transaction();
    boolean read = transaction.asSystem(system -> rules.isKnown(system));
    return read ? Optional.of(translated(() -> erase(change, rules.in(change)))) : Optional.empty();
  }

  private Erased erase(Change change, Revisions revisions) {
    String tenant = change.transaction().tenant();
    // Revisions are planned where the transaction is the operators'.
    TenantTransaction system =
        new TenantTransaction(ControlDatabase.SYSTEM, change.transaction().handle());
    int[] gone = new int[2];
    Note note = new Note(change.principal().actor(), "retired", "");
    Plan plan =
        revisions.change(
            note,
            book -> {
              OwnVersions own = OwnVersions.of(system, tenant);
              gone[0] = own.erase(system, change.at());
              Deployment deployment = new Deployment(book, note.author(), clock);
              gone[1] = deployment.forget(tenant, own.numbers());
              return deployment.plan();
            });
    change.detail().put("revision", plan.after().revision());
    return new Erased(gone[0], gone[1]);
  }

  /** Whether Kafka has yet to be told of a revision. */
  boolean waitsForKafka(long revision) {
    return revision > 0 && recorded.isPresent() && recorded.get().waitsForKafka(revision);
  }

  private void takeTurn() {
    boolean mine;
    try {
      mine = turn.tryAcquire(TURN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      mine = false;
    }
    if (!mine) {
      throw Status.ABORTED
          .withDescription(
              "someone else is deploying at this moment; nothing was written: try again")
          .asRuntimeException();
    }
  }

  private static <T> T translated(Supplier<T> work) {
    try {
      return work.get();
    } catch (RefusedDeploymentException e) {
      throw Status.FAILED_PRECONDITION.withDescription(e.getMessage()).asRuntimeException();
    } catch (KafkaException e) {
      throw Failures.unavailable("Kafka does not answer; nothing was deployed, try again");
    } catch (DeploymentConflictException e) {
      throw Status.ABORTED.withDescription(e.getMessage()).asRuntimeException();
    }
  }
}
