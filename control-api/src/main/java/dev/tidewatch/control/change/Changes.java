package dev.tidewatch.control.change;

import com.google.protobuf.Message;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.access.Authentication;
import dev.tidewatch.control.access.Principal;
import dev.tidewatch.control.access.Secrets;
import dev.tidewatch.control.audit.AuditEntry;
import dev.tidewatch.control.audit.AuditLog;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.DatabaseUnavailableException;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs changes: one transaction holds the change, its audit record and, when the caller gave an
 * {@code idempotency-key}, the answer to give again. A key is the caller's own, within a tenant,
 * for a day; with another request it is refused.
 */
public final class Changes {
  /** The header with a caller's own name for a change. */
  public static final String KEY_HEADER = "idempotency-key";

  private static final Logger LOG = LoggerFactory.getLogger(Changes.class);
  private static final int LONGEST_KEY = 128;
  private static final Duration KEPT = Duration.ofDays(1);

  /** Whether an answer may be kept, to be given again. */
  private enum Answer {
    KEPT,
    SECRET
  }

  private record Done(String method, byte[] requestHash, byte[] response) {}

  private final ControlDatabase database;
  private final AuditLog log;
  private final Clock clock;

  public Changes(ControlDatabase database, AuditLog log, Clock clock) {
    this.database = database;
    this.log = log;
    this.clock = clock;
  }

  /** Runs {@code work} for the caller of this thread's call, in {@code tenant}. */
  public <Q extends Message, R extends Message> R run(
      MethodDescriptor<Q, R> method, String tenant, Q request, Function<Change, R> work) {
    return run(method, tenant, request, work, Answer.KEPT);
  }

  /** As {@link #run}; the answer holds a secret and is not kept. */
  public <Q extends Message, R extends Message> R runSecretly(
      MethodDescriptor<Q, R> method, String tenant, Q request, Function<Change, R> work) {
    return run(method, tenant, request, work, Answer.SECRET);
  }

  /**
   * As {@link #run}; when work is refused, that is a record too, with all that work told of the
   * change until then.
   */
  public <Q extends Message, R extends Message> R runToldWhenRefused(
      MethodDescriptor<Q, R> method, String tenant, Q request, Function<Change, R> work) {
    Watched<R> watched = new Watched<>(work);
    try {
      return run(method, tenant, request, watched);
    } catch (RuntimeException failure) {
      Change change = watched.begun;
      boolean away = failure instanceof DatabaseUnavailableException;
      if (watched.done && away) {
        throw Failures.unavailable(
            "the control database failed while this was being recorded: it is there whole or not at"
                + " all; look, or send it again with the same "
                + KEY_HEADER);
      }
      if (change != null && !watched.done && !away) {
        tellRefused(method.getFullMethodName(), tenant, change, failure);
      }
      throw failure;
    }
  }

  /** How far work has come. */
  private static final class Watched<R> implements Function<Change, R> {
    private final Function<Change, R> work;
    private @Nullable Change begun;
    private boolean done;

    Watched(Function<Change, R> work) {
      this.work = work;
    }

    @Override
    public R apply(Change change) {
      begun = change;
      R response = work.apply(change);
      done = true;
      return response;
    }
  }

  private void tellRefused(String method, String tenant, Change change, RuntimeException failure) {
    Status status = Failures.statusOf(failure).getStatus();
    change.refuse(status.getCode() + ": " + status.getDescription());
    try {
      database.inTenant(tenant, transaction -> log.append(transaction, entry(method, change)));
    } catch (RuntimeException e) {
      LOG.error("a refused change is not in the audit log: {}", entry(method, change), e);
    }
  }

  private <Q extends Message, R extends Message> R run(
      MethodDescriptor<Q, R> method,
      String tenant,
      Q request,
      Function<Change, R> work,
      Answer answer) {
    String key = key();
    byte[] requestHash = Secrets.sha256(request.toByteArray());
    Principal principal = Authentication.principal();
    return database.inTenant(
        tenant,
        transaction -> {
          Optional<R> before = before(transaction, principal, key, method, requestHash);
          if (before.isPresent()) {
            return before.get();
          }
          Change change = new Change(transaction, principal, clock.instant());
          R response = work.apply(change);
          log.append(transaction, entry(method.getFullMethodName(), change));
          if (!key.isEmpty()) {
            keep(change, key, method, requestHash, answer == Answer.KEPT ? response : null);
          }
          return response;
        });
  }

  private static String key() {
    String key = ServiceRequestContext.current().request().headers().get(KEY_HEADER, "");
    new FieldChecks()
        .require(
            key.length() <= LONGEST_KEY && key.chars().allMatch(c -> c > ' ' && c < 127),
            KEY_HEADER,
            "must be at most " + LONGEST_KEY + " visible ASCII characters")
        .done();
    return key;
  }

  private static AuditEntry entry(String method, Change change) {
    ServiceRequestContext context = ServiceRequestContext.current();
    return new AuditEntry(
        change.principal().actor(),
        method,
        change.resource(),
        change.outcome(),
        change.detail().toString(),
        context.id().shortText(),
        context.remoteAddress().getAddress().getHostAddress());
  }

  /** The answer that was given to this key before. Another call with the key waits for this one. */
  private static <Q extends Message, R extends Message> Optional<R> before(
      TenantTransaction transaction,
      Principal principal,
      String key,
      MethodDescriptor<Q, R> method,
      byte[] requestHash) {
    if (key.isEmpty()) {
      return Optional.empty();
    }
    transaction
        .query("SELECT true FROM (SELECT pg_advisory_xact_lock(hashtextextended(:key, 11))) l")
        .bind("key", transaction.tenant() + "\n" + principal.actor() + "\n" + key)
        .mapTo(Boolean.class)
        .one();
    return transaction
        .query(
            """
            SELECT method, request_hash, response FROM idempotency
            WHERE tenant_id = :tenant AND actor = :actor AND key = :key
            """)
        .bind("actor", principal.actor())
        .bind("key", key)
        .map((row, context) -> new Done(row.getString(1), row.getBytes(2), row.getBytes(3)))
        .findOne()
        .map(done -> again(done, method, requestHash));
  }

  private static <Q extends Message, R extends Message> R again(
      Done done, MethodDescriptor<Q, R> method, byte[] requestHash) {
    if (!done.method().equals(method.getFullMethodName())
        || !java.util.Arrays.equals(done.requestHash(), requestHash)) {
      throw FieldChecks.invalid(KEY_HEADER, "was used for another request");
    }
    if (done.response().length == 0) {
      throw Status.ALREADY_EXISTS
          .withDescription("this was done; its secret was in the first answer and is not kept")
          .asRuntimeException();
    }
    return method.parseResponse(
        new ByteArrayInputStream(done.response(), 1, done.response().length - 1));
  }

  private static void keep(
      Change change,
      String key,
      MethodDescriptor<?, ?> method,
      byte[] requestHash,
      @Nullable Message response) {
    TenantTransaction transaction = change.transaction();
    transaction
        .update("DELETE FROM idempotency WHERE tenant_id = :tenant AND created_at < :old")
        .bind("old", change.at().minus(KEPT))
        .execute();
    transaction
        .update(
            """
            INSERT INTO idempotency (tenant_id, actor, key, method, request_hash, response, created_at)
            VALUES (:tenant, :actor, :key, :method, :hash, :response, :now)
            """)
        .bind("actor", change.principal().actor())
        .bind("key", key)
        .bind("method", method.getFullMethodName())
        .bind("hash", requestHash)
        .bind("response", response == null ? new byte[0] : kept(response))
        .bind("now", change.at())
        .execute();
  }

  /** Behind a byte that tells an empty answer from none. */
  private static byte[] kept(Message response) {
    byte[] bytes = new byte[1 + response.getSerializedSize()];
    System.arraycopy(response.toByteArray(), 0, bytes, 1, bytes.length - 1);
    return bytes;
  }
}
