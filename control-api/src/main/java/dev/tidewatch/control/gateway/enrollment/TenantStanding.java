package dev.tidewatch.control.gateway.enrollment;

/** Whether a tenant is served. */
public enum TenantStanding {
  SERVED,
  /** For some time: senders may come again. */
  SUSPENDED,
  /** Deleted, or never there. */
  GONE
}
