package dev.tidewatch.control.audit;

/**
 * What a record tells, before it has its place in the chain.
 *
 * @param actor who
 * @param method what was called
 * @param resource what it was about
 * @param outcome what came of it
 * @param detail JSON; never a secret
 * @param requestId as the caller got it
 * @param remoteAddress where the call came from
 */
public record AuditEntry(
    String actor,
    String method,
    String resource,
    Outcome outcome,
    String detail,
    String requestId,
    String remoteAddress) {
  private static final int LONGEST = 1_000;
  private static final int LONGEST_DETAIL = 20_000;

  public AuditEntry {
    actor = kept(actor, LONGEST);
    method = kept(method, LONGEST);
    resource = kept(resource, LONGEST);
    detail = kept(detail, LONGEST_DETAIL);
  }

  /** PostgreSQL keeps no NUL, and nobody fills the log with one call. */
  private static String kept(String text, int longest) {
    String clean = text.replace('\0', '\ufffd');
    return clean.length() <= longest ? clean : clean.substring(0, longest - 1) + "…";
  }

  /** What came of a call. */
  public enum Outcome {
    CHANGED,
    REFUSED
  }
}
