package dev.tidewatch.control.audit;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.access.RateLimits;
import dev.tidewatch.control.access.Refusals;
import dev.tidewatch.control.database.ControlDatabase;
import java.time.Clock;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes refused accesses to the audit log, behind the caller's back: an answer does not wait for
 * it. A flood fills neither memory nor the log: of each actor so many a second are written, the
 * rest is counted, and the next record that is written says how many there were.
 */
public final class AuditedRefusals implements Refusals, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditedRefusals.class);
  private static final int WAITING = 1_000;
  private static final double PER_SECOND = 5;
  private static final double AT_ONCE = 100;

  private record Waiting(String tenant, AuditEntry entry) {}

  private final ControlDatabase database;
  private final AuditLog log;
  private final RateLimits limits;
  private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(WAITING);
  private final AtomicLong suppressed = new AtomicLong();
  private final Thread writer = new Thread(this::write, "audit-refusals");

  public AuditedRefusals(ControlDatabase database, AuditLog log, Clock clock) {
    this.database = database;
    this.log = log;
    this.limits = new RateLimits(PER_SECOND, AT_ONCE, clock);
    writer.setDaemon(true);
    writer.start();
  }

  @Override
  public void refused(Refusal refusal) {
    String whom = refusal.tenant() + " " + refusal.actor();
    if (!limits.allows(whom) || !queue.offer(new Waiting(refusal.tenant(), entry(refusal)))) {
      suppressed.incrementAndGet();
    }
  }

  private static AuditEntry entry(Refusal refusal) {
    ServiceRequestContext context = refusal.context();
    return new AuditEntry(
        refusal.actor(),
        refusal.method(),
        refusal.resource(),
        AuditEntry.Outcome.REFUSED,
        AuditDetail.of("reason", refusal.reason()).toString(),
        context.id().shortText(),
        context.remoteAddress().getAddress().getHostAddress());
  }

  private void write() {
    try {
      while (true) {
        write(queue.take());
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Waiting waiting) {
    long unwritten = suppressed.getAndSet(0);
    AuditEntry entry = waiting.entry();
    if (unwritten > 0) {
      String detail = AuditDetail.parse(entry.detail()).put("suppressed", unwritten).toString();
      entry =
          new AuditEntry(
              entry.actor(),
              entry.method(),
              entry.resource(),
              entry.outcome(),
              detail,
              entry.requestId(),
              entry.remoteAddress());
    }
    try {
      AuditEntry whole = entry;
      database.inTenant(waiting.tenant(), transaction -> log.append(transaction, whole));
    } catch (RuntimeException e) {
      suppressed.addAndGet(unwritten + 1);
      LOG.warn(
          "a refused access is not in the audit log: {} {}: {}",
          entry.actor(),
          entry.method(),
          e.toString());
    }
  }

  /** Lets go of what waits. */
  @Override
  public void close() {
    writer.interrupt();
  }
}
