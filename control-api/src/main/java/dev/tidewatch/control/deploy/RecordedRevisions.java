package dev.tidewatch.control.deploy;

import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.deploy.DeploymentWatch.Step;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.rule.Sight;
import dev.tidewatch.deploy.Deployment.Plan;
import dev.tidewatch.deploy.DeploymentConflictException;
import dev.tidewatch.deploy.RuleBook;
import java.time.Instant;
import java.util.function.Function;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Revisions in the control database, within a transaction that changes other things too. A lock
 * makes one wait for the other; the topic is told after the commit.
 */
final class RecordedRevisions implements Revisions {
  private static final String TOO_LONG = "57014";

  private final RuleHome home;
  private final TenantTransaction transaction;
  private final Instant now;
  private final DeploymentWatch watch;
  private String by = "";

  /** While a change is being planned: the transaction is the operators' then. */
  private @Nullable TenantTransaction planning;

  RecordedRevisions(
      RuleHome home, TenantTransaction transaction, Instant now, DeploymentWatch watch) {
    this.home = home;
    this.transaction = transaction;
    this.now = now;
    this.watch = watch;
  }

  @Override
  public RuleBook read() {
    return transaction.asSystem(
        system -> home.book(system, home.head(system).orElseThrow(RecordedRevisions::neverRead)));
  }

  @Override
  public Plan change(Note note, Function<RuleBook, Plan> planned) {
    return transaction.asSystem(
        system -> {
          RuleHead head = locked(system);
          String author = Sight.of(note.author()).author(head.author());
          by = author.isEmpty() ? "" : ", made by " + author + ",";
          watch.at(Step.BEGUN, head.revision() + 1);
          RuleBook before = home.book(system, head);
          planning = system;
          Plan plan;
          try {
            plan = planned.apply(before);
          } finally {
            planning = null;
          }
          if (!plan.isEmpty()) {
            watch.at(Step.PLANNED, plan.after().revision());
            RuleQuota.require(system, before, plan.after());
            home.record(system, before, plan, note.author(), now);
            RuleHistory.add(system, before, plan.after(), note, now);
            system.afterCommit(() -> committed(plan.after()));
          }
          return plan;
        });
  }

  @Override
  public SeenVersions seen(String ruleId, Sight sight) {
    TenantTransaction system = planning;
    return system == null
        ? transaction.asSystem(entered -> SeenVersions.of(entered, ruleId, sight))
        : SeenVersions.of(system, ruleId, sight);
  }

  /** The next change is planned on this very book, without reading it again. */
  private void committed(RuleBook book) {
    home.keep(book);
    watch.at(Step.RECORDED, book.revision());
  }

  private RuleHead locked(TenantTransaction system) {
    try {
      return home.lockedHead(system).orElseThrow(RecordedRevisions::neverRead);
    } catch (JdbiException e) {
      throw ControlDatabase.violates(e, TOO_LONG)
          ? new DeploymentConflictException(
              "someone else is deploying at this moment; nothing was written: try again")
          : e;
    }
  }

  private static RuntimeException neverRead() {
    return Failures.unavailable(
        "Kafka does not answer, and the control database has not read from it yet what is deployed;"
            + " nothing was deployed, try again");
  }

  @Override
  public String by() {
    return by;
  }
}
