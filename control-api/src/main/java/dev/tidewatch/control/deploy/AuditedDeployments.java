package dev.tidewatch.control.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.change.Changes;
import dev.tidewatch.control.database.DatabaseUnavailableException;
import dev.tidewatch.control.deploy.RuleChanges.Outcome;
import dev.tidewatch.control.deploy.RuleChanges.Placed;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.rule.WireRules;
import dev.tidewatch.control.v1.DeployRulesResponse;
import dev.tidewatch.control.v1.DeployedRule;
import dev.tidewatch.deploy.DeploymentConflictException;
import dev.tidewatch.deploy.RefusedDeploymentException;
import dev.tidewatch.diagnostic.Diagnostic;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;

/**
 * Runs deployments, each with its audit record: without a control database to record it in, nothing
 * is written to Kafka. One at a time, as Kafka's transactions would have it anyway, so that
 * deployments that wait for Kafka do not hold every connection of the database.
 */
final class AuditedDeployments {
  /** Rules, files and tenants that a record names one by one; it also says how many there are. */
  private static final int MOST_NAMED = 50;

  private final Optional<Changes> audit;
  private final Semaphore turn = new Semaphore(1);

  /**
   * @param audit empty where access is open and there is no control database
   */
  AuditedDeployments(Optional<Changes> audit) {
    this.audit = audit;
  }

  /**
   * Runs {@code work} for the caller of this thread's call.
   *
   * @param story tells the record what is asked for
   */
  <Q extends Message> DeployRulesResponse run(
      MethodDescriptor<Q, DeployRulesResponse> method,
      String tenant,
      Q request,
      Consumer<Change> story,
      Supplier<Outcome> work) {
    if (audit.isEmpty()) {
      return response(alone(work));
    }
    try {
      return audit.get().runOutside(method, tenant, request, change -> told(change, story, work));
    } catch (DatabaseUnavailableException e) {
      throw Failures.unavailable(
          "the control database does not answer, and no deployment goes unrecorded;"
              + " nothing was deployed, try again");
    }
  }

  private DeployRulesResponse told(Change change, Consumer<Change> story, Supplier<Outcome> work) {
    story.accept(change);
    Outcome outcome = alone(work);
    if (outcome.revision() == 0) {
      change.refuse(reason(outcome.diagnostics()));
    } else {
      change.detail().put("revision", outcome.revision());
      name(change, "rules", outcome.placed().stream().map(AuditedDeployments::line).toList());
    }
    return response(outcome);
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
  DeployRulesResponse planned(Supplier<Outcome> look) {
    return response(translated(look));
  }

  private Outcome alone(Supplier<Outcome> work) {
    if (!turn.tryAcquire()) {
      throw Status.ABORTED
          .withDescription(
              "someone else is deploying at this moment; nothing was written: try again")
          .asRuntimeException();
    }
    try {
      return translated(work);
    } finally {
      turn.release();
    }
  }

  private static Outcome translated(Supplier<Outcome> work) {
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

  static DeployRulesResponse response(Outcome outcome) {
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
                        .setChanged(rule.changed())
                        .setAction(rule.action())
                        .setPreviousVersion(rule.previous())));
    outcome.diagnostics().forEach(d -> response.addDiagnostics(WireRules.diagnostic(d)));
    return response.build();
  }
}
