package dev.tidewatch.store;

import dev.tidewatch.control.v1.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Writes how alerts stand beside the alerts, for searches; the control database has the truth. One
 * thread at a time.
 */
public final class AlertTriageWriter implements AutoCloseable {
  /**
   * How an alert stands.
   *
   * @param verdict the newest; open where there is none
   * @param assignee empty for nobody
   * @param revision of an alert's rows the one with the highest counts, in whatever order they come
   */
  public record Standing(
      String tenantId, UUID alertId, Verdict verdict, String assignee, long revision) {}

  private static final List<String> COLUMNS =
      List.of("tenant_id", "alert_id", "verdict", "assignee", "revision");

  private final InsertChannel channel;
  private final RowBinaryBuffer buffer = new RowBinaryBuffer();

  AlertTriageWriter(Server server) {
    channel = server.newChannel();
  }

  /**
   * Stores {@code standings} in one insert; again is harmless.
   *
   * @throws StoreUnavailableException retry
   */
  public void write(List<Standing> standings) {
    if (standings.isEmpty()) {
      return;
    }
    buffer.clear();
    for (Standing standing : standings) {
      buffer.string(standing.tenantId());
      buffer.uuid(standing.alertId());
      buffer.int8(standing.verdict().getNumber());
      buffer.string(standing.assignee());
      buffer.int64(standing.revision());
    }
    channel.insert("alert_triage", COLUMNS, buffer);
  }

  /** {@code true_positive} for {@code VERDICT_TRUE_POSITIVE}, as both databases have it. */
  static String name(Verdict verdict) {
    return verdict.name().substring("VERDICT_".length()).toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    channel.close();
  }
}
