package dev.tidewatch.control.deploy;

import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.change.Changes;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.DatabaseUnavailableException;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleTopic;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rules where there is a control database: recorded there, and told to Kafka from there. */
final class RecordedRules implements AutoCloseable {
  /** How long a change waits for Kafka before it answers that Kafka will be told later. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** The same while nothing was ever read, and nothing can be deployed. */
  private static final Duration FIRST_PATIENCE = Duration.ofSeconds(12);

  private final ControlDatabase database;
  private final Changes changes;
  private final Clock clock;
  private final RuleHome home = new RuleHome();
  private final RuleRelay relay;
  private final Supplier<RuleBook> seen;
  private final DeploymentWatch watch;

  /** A book, and what of it the topic has. */
  record Recorded(RuleBook book, long published) {}

  RecordedRules(
      ControlDatabase database,
      Changes changes,
      RuleTopic topic,
      Supplier<RuleBook> seen,
      Clock clock,
      DeploymentWatch watch) {
    this.database = database;
    this.changes = changes;
    this.clock = clock;
    this.seen = seen;
    this.watch = watch;
    this.relay = new RuleRelay(database, home, topic, seen, clock, watch).start();
  }

  Changes changes() {
    return changes;
  }

  RuleRelay relay() {
    return relay;
  }

  /** Where the transaction of a change writes revisions. */
  Revisions in(Change change) {
    return new RecordedRevisions(home, change.transaction(), change.at(), watch);
  }

  /** Whether it was ever read from Kafka what is deployed. */
  boolean isKnown(TenantTransaction system) {
    return home.head(system).isPresent();
  }

  /** The newest book, within the transaction of a change; empty while nothing was ever read. */
  Optional<RuleBook> book(Change change) {
    return change
        .transaction()
        .asSystem(system -> home.head(system).map(head -> home.book(system, head)));
  }

  /** Lets the control database hear of what the topic has, if Kafka answers. */
  void catchUp() {
    if (relay.hasPublished(seen.get().revision())) {
      return;
    }
    Duration patience = newest().isPresent() ? PATIENCE : FIRST_PATIENCE;
    boolean unused = relay.awaitPublished(seen.get().revision(), patience);
  }

  /** Whether the topic has yet to be told of {@code revision}, after waiting for a moment. */
  boolean waitsForKafka(long revision) {
    return !relay.awaitPublished(revision, PATIENCE);
  }

  /** Runs {@code work} on revisions that can be read, on behalf of {@code tenant}. */
  <T> T reading(String tenant, Function<Revisions, T> work) {
    return database.inTenant(
        tenant,
        transaction ->
            work.apply(new RecordedRevisions(home, transaction, clock.instant(), watch)));
  }

  /** Runs {@code work} where the rules are. */
  <T> T asSystem(Function<TenantTransaction, T> work) {
    return database.inTenant(ControlDatabase.SYSTEM, work);
  }

  /** Empty while the control database is away or has not heard of the topic. */
  Optional<Recorded> newest() {
    try {
      return Optional.ofNullable(asSystem(this::newest));
    } catch (DatabaseUnavailableException away) {
      return Optional.empty();
    }
  }

  private @Nullable Recorded newest(TenantTransaction transaction) {
    return home.head(transaction)
        .map(head -> new Recorded(home.book(transaction, head), head.published()))
        .orElse(null);
  }

  @Override
  public void close() {
    relay.close();
  }
}
