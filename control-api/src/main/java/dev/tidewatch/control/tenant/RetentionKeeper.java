package dev.tidewatch.control.tenant;

import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.store.TenantData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells ClickHouse how long each tenant keeps its rows, as PostgreSQL has it, and tries until it is
 * told. What ClickHouse was told last is known to this process only, so a new one tells it again.
 */
public final class RetentionKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetentionKeeper.class);
  private static final List<String> TABLES = List.of("events", "alerts");
  private static final Duration BETWEEN = Duration.ofSeconds(30);

  private final ControlDatabase database;
  private final TenantData data;
  private final Map<String, SortedMap<String, Integer>> told = new TreeMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "retention");
            thread.setDaemon(true);
            return thread;
          });

  public RetentionKeeper(ControlDatabase database, TenantData data) {
    this.database = database;
    this.data = data;
    TABLES.forEach(table -> told.put(table, new TreeMap<>()));
    var unused = timer.scheduleWithFixedDelay(this::tell, 0, BETWEEN.toSeconds(), TimeUnit.SECONDS);
  }

  /** Something was changed: ClickHouse is told soon. */
  void changed() {
    try {
      timer.execute(this::tell);
    } catch (RejectedExecutionException closed) {
      // The next server tells it.
    }
  }

  private void tell() {
    for (String table : TABLES) {
      try {
        SortedMap<String, Integer> days = days(table);
        if (!days.equals(told.get(table))) {
          data.retain(table, days);
          told.put(table, days);
        }
      } catch (RuntimeException e) {
        LOG.warn("retention of {} is not in force yet; trying again: {}", table, e.toString());
      }
    }
  }

  private SortedMap<String, Integer> days(String table) {
    SortedMap<String, Integer> days = new TreeMap<>();
    database
        .inTenant(
            ControlDatabase.SYSTEM,
            transaction ->
                transaction
                    .handle()
                    .createQuery("SELECT tenant_id, days FROM retention WHERE table_name = :table")
                    .bind("table", table)
                    .map((row, context) -> Map.entry(row.getString(1), row.getInt(2)))
                    .list())
        .forEach(row -> days.put(row.getKey(), row.getValue()));
    return days;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
