package dev.tidewatch.control.alert;

import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.TriageChange;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The last batches a feed published, bounded in bytes, so that a subscriber who was gone for a
 * moment gets exactly what it missed. One thread at a time.
 */
final class AlertHistory {
  /**
   * @param end sequence after its last alert
   * @param position of the store's tail behind it
   */
  record Batch(long end, String position, List<AlertRow> alerts, List<TriageChange> triage) {
    Batch {
      alerts = List.copyOf(alerts);
      triage = List.copyOf(triage);
    }
  }

  /** One version of one alert. */
  record Version(String alertId, long ingestTimeMs) {
    static Version of(AlertRow row) {
      return new Version(row.getAlertId(), row.getIngestTimeMs());
    }
  }

  private final long mostBytes;
  private final Deque<Batch> batches = new ArrayDeque<>();
  private long bytes;
  private long end;

  /** Sequence from which on nothing is missing here. */
  private long unbrokenFrom;

  AlertHistory(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Alerts and changes of triage published so far. */
  long end() {
    return end;
  }

  Batch add(List<AlertRow> alerts, List<TriageChange> triage, String position) {
    end += alerts.size() + triage.size();
    Batch batch = new Batch(end, position, alerts, triage);
    batches.addLast(batch);
    bytes += size(batch);
    while (bytes > mostBytes && !batches.isEmpty()) {
      Batch oldest = batches.removeFirst();
      bytes -= size(oldest);
      unbrokenFrom = Math.max(unbrokenFrom, oldest.end());
    }
    return batch;
  }

  /** What comes next does not follow on what is here. */
  void breakOff() {
    end++;
    unbrokenFrom = end;
  }

  /** Everything published after {@code sequence}; empty when that is no longer known. */
  Optional<List<Batch>> after(long sequence) {
    if (sequence < unbrokenFrom || sequence > end) {
      return Optional.empty();
    }
    return Optional.of(batches.stream().filter(batch -> batch.end() > sequence).toList());
  }

  /** The alerts still known of those published up to {@code sequence}. */
  Set<Version> upTo(long sequence) {
    Set<Version> versions = new HashSet<>();
    batches.stream()
        .filter(batch -> batch.end() <= sequence)
        .flatMap(batch -> batch.alerts().stream())
        .map(Version::of)
        .forEach(versions::add);
    return versions;
  }

  private static long size(Batch batch) {
    return batch.alerts().stream().mapToLong(AlertRow::getSerializedSize).sum()
        + batch.triage().stream().mapToLong(TriageChange::getSerializedSize).sum();
  }
}
