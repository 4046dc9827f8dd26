package dev.tidewatch.control.alert;

import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.TriageChange;
import dev.tidewatch.store.InvalidPageTokenException;
import dev.tidewatch.store.StoreUnavailableException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The live alerts of one tenant: one tail of the store, polled by {@link #tick}, however many
 * subscribers there are.
 *
 * <p>A subscriber without a cursor joins where the tail is. One with a cursor that this feed wrote
 * gets what it missed from the {@link AlertHistory}, exactly. Any other reads a tail of its own
 * until it has caught up, and then joins: the shared tail is polled first and its own after it, so
 * the own tail is never behind, and what it saw beyond the shared one is skipped once.
 *
 * <p>Only {@link #add} may be called while another thread ticks.
 */
final class AlertFeed {
  /** Alerts per poll: a message of this many stays well under gRPC's 4 MB. */
  static final int BATCH = 200;

  /** Polls in one tick, so that a flood does not keep newcomers waiting. */
  private static final int POLLS = 25;

  private record CatchUp(AlertSubscription subscription, AlertSource.Tail tail) {}

  private final String tenantId;
  private final AlertSource source;
  private final FeedLimits limits;
  private final Clock clock;
  private final String instance =
      Long.toHexString(UUID.randomUUID().getMostSignificantBits() | Long.MIN_VALUE);
  private final AlertHistory history;

  private final Queue<AlertSubscription> newcomers = new ConcurrentLinkedQueue<>();
  private final List<AlertSubscription> live = new ArrayList<>();
  private final List<CatchUp> behind = new ArrayList<>();
  private AlertSource.@Nullable Tail tail;
  private String position = "";
  private long lastTickMs;
  private long outageSinceMs;
  private long notBeforeMs;

  AlertFeed(String tenantId, AlertSource source, FeedLimits limits, Clock clock) {
    this.tenantId = tenantId;
    this.source = source;
    this.limits = limits;
    this.clock = clock;
    this.history = new AlertHistory(limits.historyBytes());
    this.lastTickMs = clock.millis();
  }

  void add(AlertSubscription subscription) {
    newcomers.add(subscription);
  }

  /** Polls and delivers. */
  void tick() {
    forgetEnded();
    if (clock.millis() >= notBeforeMs) {
      try {
        deliver();
        outageSinceMs = 0;
      } catch (StoreUnavailableException away) {
        storeIsAway();
      } catch (RuntimeException failure) {
        endAll(failure);
      }
    }
    lastTickMs = clock.millis();
    forgetEnded();
  }

  /** Whether anybody is subscribed. */
  boolean isWanted() {
    return !(live.isEmpty() && behind.isEmpty() && newcomers.isEmpty());
  }

  private void deliver() {
    boolean caughtUp = pollShared();
    admit(caughtUp);
    catchUp(caughtUp);
    live.forEach(subscription -> subscription.heartbeat(limits.heartbeat()));
    behind.forEach(one -> one.subscription().heartbeat(limits.heartbeat()));
  }

  /** True when the shared tail has shown all there is. */
  private boolean pollShared() {
    AlertSource.Tail shared = sharedTail();
    for (int i = 0; i < POLLS; i++) {
      List<AlertRow> rows = shared.poll(BATCH);
      List<TriageChange> triage = i == 0 ? shared.triage() : List.of();
      position = shared.cursor();
      if (!rows.isEmpty() || !triage.isEmpty()) {
        publish(rows, triage);
      }
      if (rows.size() < BATCH) {
        return true;
      }
    }
    return false;
  }

  private AlertSource.Tail sharedTail() {
    boolean stale = clock.millis() - lastTickMs > limits.idle().toMillis();
    AlertSource.Tail shared = tail;
    if (shared == null || stale) {
      history.breakOff();
      shared = source.tail(tenantId, "");
      tail = shared;
    }
    return shared;
  }

  private void publish(List<AlertRow> rows, List<TriageChange> triage) {
    AlertHistory.Batch batch = history.add(rows, triage, position);
    String cursor = new FeedCursor(instance, batch.end(), position).text();
    live.forEach(subscription -> subscription.offer(rows, triage, cursor));
  }

  private void admit(boolean caughtUp) {
    for (Iterator<AlertSubscription> waiting = newcomers.iterator(); waiting.hasNext(); ) {
      AlertSubscription newcomer = waiting.next();
      String cursor = newcomer.requestedCursor();
      if (cursor.isEmpty() && !caughtUp) {
        continue; // "from now on" begins when the backlog of others is behind us
      }
      if (cursor.isEmpty()) {
        join(newcomer);
      } else {
        resume(newcomer, cursor);
      }
      waiting.remove();
    }
  }

  private void join(AlertSubscription subscription) {
    subscription.welcome(here());
    live.add(subscription);
  }

  private void resume(AlertSubscription newcomer, String text) {
    Optional<FeedCursor> cursor = FeedCursor.parse(text);
    if (cursor.isEmpty()) {
      refuse(newcomer);
      return;
    }
    FeedCursor place = cursor.get();
    boolean own = place.feed().equals(instance);
    Optional<List<AlertHistory.Batch>> missed =
        own ? history.after(place.sequence()) : Optional.empty();
    if (missed.isPresent()) {
      replay(newcomer, missed.get());
      return;
    }
    if (own) {
      newcomer.skip(history.upTo(place.sequence()));
    }
    readOwnTail(newcomer, place.position());
  }

  private void replay(AlertSubscription newcomer, List<AlertHistory.Batch> missed) {
    for (AlertHistory.Batch batch : missed) {
      String cursor = new FeedCursor(instance, batch.end(), batch.position()).text();
      newcomer.offer(batch.alerts(), batch.triage(), cursor);
    }
    join(newcomer);
  }

  private void readOwnTail(AlertSubscription newcomer, String from) {
    try {
      behind.add(new CatchUp(newcomer, source.tail(tenantId, from)));
    } catch (InvalidPageTokenException e) {
      refuse(newcomer);
    }
  }

  private static void refuse(AlertSubscription newcomer) {
    newcomer.end(FieldChecks.invalid("cursor", "is not a cursor of an alert stream"));
  }

  private void catchUp(boolean caughtUp) {
    for (Iterator<CatchUp> all = behind.iterator(); all.hasNext(); ) {
      CatchUp one = all.next();
      if (one.subscription().isBusy()) {
        continue;
      }
      List<AlertRow> rows = one.tail().poll(BATCH);
      List<TriageChange> triage = one.tail().triage();
      one.subscription().offer(rows, triage, FeedCursor.at(one.tail().cursor()).text());
      // Changes of triage that came since the shared tail was read come twice, which changes
      // nothing.
      if (rows.size() < BATCH && triage.isEmpty() && caughtUp) {
        all.remove();
        one.subscription().skip(beyondShared(rows));
        join(one.subscription());
      }
    }
  }

  private Set<AlertHistory.Version> beyondShared(List<AlertRow> rows) {
    Set<AlertHistory.Version> versions = new HashSet<>();
    rows.forEach(row -> versions.add(AlertHistory.Version.of(row)));
    versions.removeAll(history.upTo(history.end()));
    return versions;
  }

  private String here() {
    return new FeedCursor(instance, history.end(), position).text();
  }

  /** Streams stay open over a short outage, without heartbeats; nothing is skipped afterwards. */
  private void storeIsAway() {
    long now = clock.millis();
    if (outageSinceMs == 0) {
      outageSinceMs = now;
    }
    notBeforeMs = now + Failures.RETRY_DELAY.toMillis();
    if (now - outageSinceMs >= limits.longestOutage().toMillis()) {
      endEverySubscription(
          Failures.unavailable("the event store does not answer; resume with the last cursor"));
    }
  }

  private void endAll(RuntimeException failure) {
    tail = null;
    endEverySubscription(Failures.statusOf(failure));
  }

  private void endEverySubscription(io.grpc.StatusRuntimeException reason) {
    live.forEach(subscription -> subscription.end(reason));
    behind.forEach(one -> one.subscription().end(reason));
    newcomers.forEach(subscription -> subscription.end(reason));
  }

  private void forgetEnded() {
    live.removeIf(AlertSubscription::isEnded);
    behind.removeIf(one -> one.subscription().isEnded());
    newcomers.removeIf(AlertSubscription::isEnded);
  }
}
