package dev.tidewatch.control.access;

import com.linecorp.armeria.server.ServiceRequestContext;

/** Is told of every access that is refused. Must not block. */
@FunctionalInterface
public interface Refusals {
  /** For a server without an audit log. */
  Refusals UNHEARD = refusal -> {};

  /**
   * @param tenant in whose log it belongs: the caller's home, or {@code system} for callers unknown
   * @param actor who was refused
   * @param method what was called
   * @param resource whose data it would have been about
   * @param reason why
   * @param context the call's
   */
  record Refusal(
      String tenant,
      String actor,
      String method,
      String resource,
      String reason,
      ServiceRequestContext context) {}

  void refused(Refusal refusal);
}
