package dev.tidewatch.store;

import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.Entity;
import dev.tidewatch.events.v1.Evidence;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.events.v1.MatchedField;
import dev.tidewatch.events.v1.Stage;
import java.util.List;
import java.util.UUID;

/** Writes batches of alerts. One thread at a time. */
public final class AlertWriter {
  private static final String TABLE = "alerts";
  private static final List<String> COLUMNS =
      List.of(
          "tenant_id",
          "alert_id",
          "rule_id",
          "rule_version",
          "rule_hash",
          "title",
          "level",
          "time",
          "first_seen",
          "last_seen",
          "detected_time",
          "count",
          "version",
          "product",
          "category",
          "service",
          "host",
          "user",
          "entities",
          "evidence",
          "technique_ids",
          "tactics",
          "tags",
          "stage",
          "reason");

  private final BatchWriter<Alert> batches;

  AlertWriter(Server server) {
    batches = new BatchWriter<>(server, TABLE, COLUMNS, AlertWriter::encode);
  }

  /**
   * Stores {@code alerts} in one insert and returns when ClickHouse has acknowledged it. Writing an
   * alert again is harmless: of all rows of an id the one with the highest count is shown, of
   * equals the last written. An alert's {@code first_seen_us} belongs to its identity and must not
   * change.
   *
   * @throws StoreUnavailableException retry the same batch; it may have been stored or not
   * @throws StoreRejectedException a row is refused; nothing of the batch is acknowledged
   */
  public void write(List<Alert> alerts) {
    batches.write(alerts);
  }

  /** About how many bytes a row takes on the wire before compression, for batching by size. */
  public static long encodedSize(Alert alert) {
    return alert.getSerializedSize();
  }

  /** In the order of {@link #COLUMNS}. */
  private static void encode(Alert alert, RowBinaryBuffer out) {
    out.string(alert.getTenantIdBytes());
    out.uuid(UUID.fromString(alert.getAlertId()));
    out.string(alert.getRuleIdBytes());
    out.int32(alert.getRuleVersion());
    out.string(alert.getRuleHashBytes());
    out.string(alert.getRuleTitleBytes());
    out.int8(level(alert));
    out.int64(time("time_us", alert.getTimeUs()));
    out.int64(time("first_seen_us", alert.getFirstSeenUs()));
    out.int64(time("last_seen_us", alert.getLastSeenUs()));
    out.int64(alert.getDetectedTimeUs());
    out.int64(alert.getCount());
    out.int64(alert.getCount());
    out.string(alert.getLogSource().getProductBytes());
    out.string(alert.getLogSource().getCategoryBytes());
    out.string(alert.getLogSource().getServiceBytes());
    out.string(first("host", alert));
    out.string(first("user", alert));
    entities(alert.getEntitiesList(), out);
    evidence(alert.getEvidenceList(), out);
    strings(alert.getTechniqueIdsList(), out);
    strings(alert.getTacticsList(), out);
    strings(alert.getTagsList(), out);
    out.int8(stage(alert));
    out.string(alert.getReasonBytes());
  }

  /** ClickHouse takes any number for an Enum8 in RowBinary, and fails when it is read as text. */
  private static int level(Alert alert) {
    if (alert.getLevel() == Level.UNRECOGNIZED) {
      throw new IllegalArgumentException("unknown level " + alert.getLevelValue());
    }
    return alert.getLevelValue();
  }

  private static int stage(Alert alert) {
    if (alert.getStage() == Stage.UNRECOGNIZED) {
      throw new IllegalArgumentException("unknown stage " + alert.getStageValue());
    }
    return alert.getStageValue();
  }

  /** Times sort and partition the table by hour and month; those end in 2106. */
  private static long time(String name, long micros) {
    if (micros < 0 || micros >= StoredEvent.LATEST_MICROS) {
      throw new IllegalArgumentException(name + " is not between 1970 and 2100: " + micros);
    }
    return micros;
  }

  private static String first(String kind, Alert alert) {
    for (Entity entity : alert.getEntitiesList()) {
      if (entity.getKind().equals(kind)) {
        return entity.getValue();
      }
    }
    return "";
  }

  private static void entities(List<Entity> entities, RowBinaryBuffer out) {
    out.length(entities.size());
    for (Entity entity : entities) {
      out.string(entity.getKindBytes());
      out.string(entity.getValueBytes());
    }
  }

  private static void evidence(List<Evidence> evidence, RowBinaryBuffer out) {
    out.length(evidence.size());
    for (Evidence event : evidence) {
      out.uuid(UUID.fromString(event.getEventId()));
      out.int64(event.getTimeUs());
      out.length(event.getFieldsCount());
      for (MatchedField field : event.getFieldsList()) {
        out.string(field.getFieldBytes());
        out.string(field.getValueBytes());
        out.string(field.getSelectionBytes());
        out.string(field.getOperatorBytes());
        out.string(field.getPatternBytes());
      }
    }
  }

  private static void strings(List<String> values, RowBinaryBuffer out) {
    out.length(values.size());
    values.forEach(out::string);
  }
}
