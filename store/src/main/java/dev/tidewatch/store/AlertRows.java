package dev.tidewatch.store;

import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.GetAlertResponse;
import dev.tidewatch.events.v1.Entity;
import dev.tidewatch.events.v1.Evidence;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.events.v1.LogSource;
import dev.tidewatch.events.v1.MatchedField;
import java.io.IOException;

/** Rows of {@code alerts}: the columns that are selected, and how they are read back. */
final class AlertRows {
  /** What {@link #read} reads. */
  static final String COLUMNS =
      "alert_id, rule_id, rule_version, title, level, time, first_seen, last_seen, ingest_time,"
          + " count, reason, host, user, technique_ids, tactics, product, category, service,"
          + " entities, stage";

  /** What {@link #readWhole} reads. */
  static final String ALL_COLUMNS = COLUMNS + ", evidence, tags, rule_hash";

  private AlertRows() {}

  static AlertRow read(RowBinaryReader in) throws IOException {
    return AlertRow.newBuilder()
        .setAlertId(in.uuid().toString())
        .setRuleId(in.string())
        .setRuleVersion(in.int32())
        .setTitle(in.string())
        .setLevel(level(in))
        .setTimeMs(millis(in))
        .setFirstSeenMs(millis(in))
        .setLastSeenMs(millis(in))
        .setIngestTimeMs(millis(in))
        .setCount(in.int64())
        .setReason(in.string())
        .setHost(in.string())
        .setUser(in.string())
        .addAllTechniqueIds(in.array(RowBinaryReader::string))
        .addAllTactics(in.array(RowBinaryReader::string))
        .setLogSource(logSource(in))
        .addAllEntities(in.array(AlertRows::entity))
        .setStageValue(in.int8())
        .build();
  }

  static GetAlertResponse readWhole(RowBinaryReader in) throws IOException {
    return GetAlertResponse.newBuilder()
        .setAlert(read(in))
        .addAllEvidence(in.array(AlertRows::evidence))
        .addAllTags(in.array(RowBinaryReader::string))
        .setRuleHash(in.string())
        .build();
  }

  static Level level(RowBinaryReader in) throws IOException {
    Level level = Level.forNumber(in.int8());
    return level == null ? Level.LEVEL_UNSPECIFIED : level;
  }

  /** A {@code DateTime64(6)} in milliseconds. */
  static long millis(RowBinaryReader in) throws IOException {
    return Math.floorDiv(in.int64(), 1000L);
  }

  static LogSource logSource(RowBinaryReader in) throws IOException {
    return LogSource.newBuilder()
        .setProduct(in.string())
        .setCategory(in.string())
        .setService(in.string())
        .build();
  }

  private static Entity entity(RowBinaryReader in) throws IOException {
    return Entity.newBuilder().setKind(in.string()).setValue(in.string()).build();
  }

  private static Evidence evidence(RowBinaryReader in) throws IOException {
    return Evidence.newBuilder()
        .setEventId(in.uuid().toString())
        .setTimeUs(in.int64())
        .addAllFields(in.array(AlertRows::matchedField))
        .build();
  }

  private static MatchedField matchedField(RowBinaryReader in) throws IOException {
    return MatchedField.newBuilder()
        .setField(in.string())
        .setValue(in.string())
        .setSelection(in.string())
        .setOperator(in.string())
        .setPattern(in.string())
        .build();
  }
}
