package dev.tidewatch.control.alert;

import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.store.AlertTriageWriter;
import dev.tidewatch.store.AlertTriageWriter.Standing;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies how alerts stand from PostgreSQL, which has the truth, to ClickHouse, where searches ask
 * for it. A state is marked when it was copied; what is not marked is copied, by whichever server
 * sees it first, and twice is harmless. So nothing is lost while either database is away.
 */
public final class TriageMirror implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TriageMirror.class);
  private static final int BATCH = 1_000;

  /** What another server, or this one before, has left behind. */
  private static final Duration BETWEEN = Duration.ofSeconds(3);

  /** A change's answer waits so long for searches to know of it. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final ControlDatabase database;
  private final AlertTriageWriter writer;
  private final Map<String, Future<?>> queued = new HashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "triage-mirror");
            made.setDaemon(true);
            return made;
          });

  public TriageMirror(ControlDatabase database, AlertTriageWriter writer) {
    this.database = database;
    this.writer = writer;
    var unused =
        thread.scheduleWithFixedDelay(this::copyAll, 0, BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Copies what has changed in {@code tenant} and waits for it, but not for long: the change itself
   * is made, and a ClickHouse that is away is told later.
   */
  void copySoon(String tenant) {
    try {
      copying(tenant).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | RejectedExecutionException e) {
      LOG.debug("triage of {} is copied later", tenant);
    } catch (ExecutionException e) {
      LOG.warn(
          "triage of {} is not in searches yet; trying again: {}",
          tenant,
          String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The copy that begins next: one for all whose change is made before it does. */
  private synchronized Future<?> copying(String tenant) {
    Future<?> next = queued.get(tenant);
    if (next == null) {
      next =
          thread.submit(
              () -> {
                begin(tenant);
                copy(tenant);
              });
      queued.put(tenant, next);
    }
    return next;
  }

  private synchronized void begin(String tenant) {
    queued.remove(tenant);
  }

  private void copyAll() {
    try {
      tenants().forEach(this::copy);
    } catch (RuntimeException e) {
      LOG.warn("triage is not in searches yet; trying again: {}", e.toString());
    }
  }

  private List<String> tenants() {
    return database.inTenant(
        ControlDatabase.SYSTEM,
        transaction ->
            transaction
                .handle()
                .createQuery("SELECT DISTINCT tenant_id FROM triage_states WHERE NOT mirrored")
                .mapTo(String.class)
                .list());
  }

  private void copy(String tenant) {
    List<Standing> changed;
    do {
      changed = database.inTenant(tenant, TriageMirror::changed);
      writer.write(changed);
      List<Standing> done = changed;
      if (!done.isEmpty()) {
        database.inTenant(tenant, transaction -> mark(transaction, done));
      }
    } while (changed.size() == BATCH);
  }

  private static List<Standing> changed(TenantTransaction transaction) {
    return transaction
        .query(
            """
            SELECT alert_id, verdict, assignee, revision FROM triage_states
            WHERE tenant_id = :tenant AND NOT mirrored ORDER BY alert_id LIMIT :limit
            """)
        .bind("limit", BATCH)
        .map(
            (row, context) ->
                new Standing(
                    transaction.tenant(),
                    row.getObject(1, UUID.class),
                    TriageStates.verdict(row.getString(2)),
                    row.getString(3),
                    row.getLong(4)))
        .list();
  }

  /** A state that somebody changes just now is left for the next time, so that nobody waits. */
  private static int mark(TenantTransaction transaction, List<Standing> done) {
    return transaction
        .update(
            """
            WITH copied AS (
              SELECT s.alert_id FROM triage_states s
              JOIN unnest(CAST(:ids AS uuid[]), CAST(:revisions AS bigint[])) AS m (alert_id, revision)
                ON m.alert_id = s.alert_id AND m.revision = s.revision
              WHERE s.tenant_id = :tenant FOR UPDATE OF s SKIP LOCKED
            )
            UPDATE triage_states SET mirrored = true
            WHERE tenant_id = :tenant AND alert_id IN (SELECT alert_id FROM copied)
            """)
        .bindArray("ids", UUID.class, done.stream().map(Standing::alertId).toArray())
        .bindArray("revisions", Long.class, done.stream().map(Standing::revision).toArray())
        .execute();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
