package dev.tidewatch.control.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.control.access.Principal;
import dev.tidewatch.control.audit.AuditDetail;
import dev.tidewatch.control.audit.AuditEntry;
import dev.tidewatch.control.database.TenantTransaction;
import java.time.Instant;

/** A change under way: its transaction, who makes it, and what will be told of it. */
public final class Change {
  private final TenantTransaction transaction;
  private final Principal principal;
  private final Instant at;
  private final ObjectNode detail = AuditDetail.empty();
  private String resource;
  private AuditEntry.Outcome outcome = AuditEntry.Outcome.CHANGED;

  Change(TenantTransaction transaction, Principal principal, Instant at) {
    this.transaction = transaction;
    this.principal = principal;
    this.at = at;
    this.resource = "tenant " + transaction.tenant();
  }

  public TenantTransaction transaction() {
    return transaction;
  }

  public Principal principal() {
    return principal;
  }

  /** When the change is made. */
  public Instant at() {
    return at;
  }

  /** What the change is about, such as {@code user 42…}. */
  public Change about(String kind, Object id) {
    resource = kind + " " + id;
    return this;
  }

  /** Adds to the audit record's detail. Never a secret. */
  public ObjectNode detail() {
    return detail;
  }

  /** Nothing is changed, though the call has an answer: the record says so, and why. */
  public Change refuse(String reason) {
    outcome = AuditEntry.Outcome.REFUSED;
    detail.put("reason", reason);
    return this;
  }

  String resource() {
    return resource;
  }

  AuditEntry.Outcome outcome() {
    return outcome;
  }
}
