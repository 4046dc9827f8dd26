package dev.tidewatch.control.gateway.ingest;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Holds tenants to their {@link Quota}: two token buckets each, one of events and one of bytes.
 *
 * <p>A bucket may go into debt. Senders that take back-pressure are {@link #charge charged} for
 * what has arrived already and wait until the debt is paid; senders that can be turned away ask
 * {@link #admit} first.
 */
public final class Quotas {
  private final Function<String, Quota> quotas;
  private final LongSupplier nanos;
  private final ConcurrentHashMap<String, Account> accounts = new ConcurrentHashMap<>();

  /**
   * @param quotas of a tenant; asked on every call, so that a change takes effect at once
   * @param nanos a monotonic clock
   */
  public Quotas(Function<String, Quota> quotas, LongSupplier nanos) {
    this.quotas = quotas;
    this.nanos = nanos;
  }

  /** Counts what was taken; answers how long the sender should hold back, zero for not at all. */
  public Duration charge(String tenant, long events, long bytes) {
    return Duration.ofNanos(account(tenant).charge(quotas.apply(tenant), now(), events, bytes));
  }

  /**
   * Counts what is offered when the tenant is not in debt.
   *
   * @return zero when it may come in; else after how long it may be offered again
   */
  public Duration admit(String tenant, long events, long bytes) {
    return Duration.ofNanos(account(tenant).admit(quotas.apply(tenant), now(), events, bytes));
  }

  private Account account(String tenant) {
    return accounts.computeIfAbsent(tenant, name -> new Account(now()));
  }

  private long now() {
    return nanos.getAsLong();
  }

  private static final class Account {
    private final Bucket events;
    private final Bucket bytes;

    Account(long now) {
      events = new Bucket(now);
      bytes = new Bucket(now);
    }

    synchronized long charge(Quota quota, long now, long moreEvents, long moreBytes) {
      double burst = quota.burst().toNanos() / 1e9;
      long byEvents = events.charge(quota.eventsPerSecond(), burst, now, moreEvents);
      return Math.max(byEvents, bytes.charge(quota.bytesPerSecond(), burst, now, moreBytes));
    }

    synchronized long admit(Quota quota, long now, long moreEvents, long moreBytes) {
      long debt = charge(quota, now, 0, 0);
      if (debt == 0) {
        var unused = charge(quota, now, moreEvents, moreBytes);
      }
      return debt;
    }
  }

  /** Spent units; leaks at the rate; beyond the burst it is debt. */
  private static final class Bucket {
    private double spent;
    private long last;

    Bucket(long now) {
      last = now;
    }

    /** Nanoseconds until the debt is paid. */
    long charge(long rate, double burstSeconds, long now, long units) {
      if (rate == 0) {
        spent = 0;
        last = now;
        return 0;
      }
      spent = Math.max(0, spent - (now - last) * (double) rate / 1e9) + units;
      last = now;
      double debt = spent - rate * burstSeconds;
      return debt <= 0 ? 0 : (long) Math.ceil(debt * 1e9 / rate);
    }
  }
}
