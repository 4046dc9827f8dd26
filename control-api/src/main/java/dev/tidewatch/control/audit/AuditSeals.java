package dev.tidewatch.control.audit;

import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signs days that are over, tenant by tenant. Several servers may do so at once. */
public final class AuditSeals implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditSeals.class);
  private static final Duration BETWEEN = Duration.ofMinutes(10);

  /** A day is over for certain only when every server's clock says so. */
  private static final Duration SLACK = Duration.ofMinutes(5);

  private final ControlDatabase database;
  private final SigningKey key;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "audit-seals");
            thread.setDaemon(true);
            return thread;
          });

  public AuditSeals(ControlDatabase database, SigningKey key, Clock clock) {
    this.database = database;
    this.key = key;
    this.clock = clock;
  }

  /** Begins to sign in the background. */
  public void start() {
    var unused =
        timer.scheduleWithFixedDelay(this::trySeal, 0, BETWEEN.toSeconds(), TimeUnit.SECONDS);
  }

  private void trySeal() {
    try {
      seal();
    } catch (RuntimeException e) {
      LOG.warn("days of the audit log could not be signed; trying again: {}", e.toString());
    }
  }

  /** Signs every day that is over and not signed, of every tenant; returns how many. */
  int seal() {
    List<String> tenants =
        database.inTenant(
            ControlDatabase.SYSTEM,
            tx ->
                tx.handle()
                    .createQuery("SELECT tenant_id FROM tenants")
                    .mapTo(String.class)
                    .list());
    return tenants.stream().mapToInt(this::trySeal).sum();
  }

  /** One tenant whose days cannot be signed does not keep the others from it. */
  private int trySeal(String tenant) {
    try {
      return database.inTenant(tenant, this::seal);
    } catch (RuntimeException e) {
      LOG.warn("days of tenant {} could not be signed; trying again: {}", tenant, e.toString());
      return 0;
    }
  }

  private int seal(TenantTransaction transaction) {
    AuditLog.lock(transaction);
    Map<LocalDate, List<byte[]>> days = new TreeMap<>();
    long sealed =
        transaction
            .query(
                "SELECT coalesce(max(last_sequence), 0) FROM audit_roots WHERE tenant_id = :tenant")
            .mapTo(Long.class)
            .one();
    LocalDate today = clock.instant().minus(SLACK).atZone(ZoneOffset.UTC).toLocalDate();
    transaction
        .query(
            """
            SELECT at_micros, hash FROM audit_log
            WHERE tenant_id = :tenant AND sequence > :sealed AND at_micros < :until ORDER BY sequence
            """)
        .bind("sealed", sealed)
        .bind("until", AuditLog.micros(today.atStartOfDay().toInstant(ZoneOffset.UTC)))
        .map((row, context) -> Map.entry(dayOf(row.getLong(1)), row.getBytes(2)))
        .forEach(
            row ->
                days.computeIfAbsent(row.getKey(), day -> new ArrayList<>()).add(row.getValue()));
    long next = sealed + 1;
    for (Map.Entry<LocalDate, List<byte[]>> day : days.entrySet()) {
      long last = next + day.getValue().size() - 1;
      insert(transaction, sealed(transaction.tenant(), day.getKey(), next, last, day.getValue()));
      next = last + 1;
    }
    return days.size();
  }

  static LocalDate dayOf(long micros) {
    return Instant.EPOCH
        .plus(micros, java.time.temporal.ChronoUnit.MICROS)
        .atZone(ZoneOffset.UTC)
        .toLocalDate();
  }

  private DaySeal sealed(String tenant, LocalDate day, long first, long last, List<byte[]> hashes) {
    byte[] root = MerkleTree.root(hashes);
    byte[] signature = key.sign(DaySeal.signed(tenant, day, first, last, root));
    return new DaySeal(day, first, last, root, key.id(), signature, clock.instant());
  }

  private static void insert(TenantTransaction transaction, DaySeal seal) {
    transaction
        .update(
            """
            INSERT INTO audit_roots (tenant_id, day, first_sequence, last_sequence, root, key_id, signature, signed_at)
            VALUES (:tenant, :day, :first, :last, :root, :key, :signature, :at)
            """)
        .bind("day", seal.day())
        .bind("first", seal.first())
        .bind("last", seal.last())
        .bind("root", seal.root())
        .bind("key", seal.keyId())
        .bind("signature", seal.signature())
        .bind("at", seal.signedAt())
        .execute();
  }

  /** Signed days, oldest first. */
  static List<DaySeal> list(TenantTransaction transaction) {
    return transaction
        .query(
            """
            SELECT day, first_sequence, last_sequence, root, key_id, signature, signed_at FROM audit_roots
            WHERE tenant_id = :tenant ORDER BY day
            """)
        .map(
            (row, context) ->
                new DaySeal(
                    row.getObject(1, LocalDate.class),
                    row.getLong(2),
                    row.getLong(3),
                    row.getBytes(4),
                    row.getBytes(5),
                    row.getBytes(6),
                    row.getTimestamp(7).toInstant()))
        .list();
  }

  static Optional<DaySeal> of(TenantTransaction transaction, LocalDate day) {
    return list(transaction).stream().filter(seal -> seal.day().equals(day)).findFirst();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
