package dev.tidewatch.store;

import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.events.OcsfEvent;
import dev.tidewatch.events.TimeQuality;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches of events. One thread at a time; holds a buffer that is reused, so keep one per
 * sink subtask.
 */
public final class EventWriter {
  private static final String TABLE = "events";
  private static final List<String> COLUMNS = columns();

  /** Every column but the payload, for {@link #encodedSize}: measured on recorded events. */
  private static final int TYPICAL_ROW = 700;

  private final BatchWriter<StoredEvent> batches;

  EventWriter(Server server) {
    batches = new BatchWriter<>(server, TABLE, COLUMNS, EventWriter::encode);
  }

  /**
   * Stores {@code rows} in one insert (in several when the server's memory is too small for one)
   * and returns when ClickHouse has acknowledged it. Writing the same rows again is harmless: an
   * event is shown once by its id. Batches of 5 to 20 MB serve best.
   *
   * @throws StoreUnavailableException retry the same batch; it may have been stored or not
   * @throws StoreRejectedException a row is refused; nothing of the batch is acknowledged
   */
  public void write(List<StoredEvent> rows) {
    batches.write(rows);
  }

  /** About how many bytes a row takes on the wire before compression, for batching by size. */
  public static long encodedSize(StoredEvent row) {
    return TYPICAL_ROW + (long) row.envelope().getPayload().size();
  }

  private static List<String> columns() {
    List<String> columns =
        new ArrayList<>(
            List.of(
                "tenant_id",
                "event_id",
                "time",
                "time_quality",
                "ingest_time",
                "product",
                "category",
                "service",
                "class_uid",
                "class_name",
                "activity_id",
                "host",
                "user",
                "summary",
                "origin",
                "payload"));
    OcsfEvent.COLUMNS.forEach(column -> columns.add(column.columnName()));
    return List.copyOf(columns);
  }

  /** In the order of {@link #columns()}. */
  static void encode(StoredEvent row, RowBinaryBuffer out) {
    TelemetryEvent envelope = row.envelope();
    LogSource source = row.document().logSource();
    OcsfEvent ocsf = row.document().ocsf();
    out.string(envelope.getTenantIdBytes());
    out.uuid(EventIds.uuid(envelope.getEventId()));
    out.int64(row.timeMicros());
    out.string(quality(row.timeQuality()));
    out.int64(envelope.getIngestTimeUs());
    out.string(source.product());
    out.string(source.category());
    out.string(source.service());
    out.int32(ocsf.classUid());
    out.string(ocsf.className());
    out.int32(ocsf.activityId());
    out.string(row.document().host());
    out.string(user(ocsf.columns()));
    out.string(ocsf.summary());
    out.string(envelope.getOriginBytes());
    out.string(envelope.getPayload());
    encode(ocsf.columns(), out);
  }

  private static void encode(Map<String, String> values, RowBinaryBuffer out) {
    for (OcsfEvent.Column column : OcsfEvent.COLUMNS) {
      String value = values.get(column.name());
      if (column.type() == OcsfEvent.Type.INT) {
        nullableInt(value, out);
      } else {
        out.string(value == null ? "" : value);
      }
    }
  }

  private static void nullableInt(@Nullable String value, RowBinaryBuffer out) {
    if (value == null) {
      out.int8(1);
    } else {
      out.int8(0);
      out.int64(Long.parseLong(value));
    }
  }

  private static String quality(TimeQuality quality) {
    return switch (quality) {
      case PAYLOAD -> "payload";
      case OBSERVED -> "observed";
      case INGEST, NONE -> "ingest";
    };
  }

  private static String user(Map<String, String> values) {
    for (String column : List.of("actor.user.name", "user.name", "process.user.name")) {
      String value = values.get(column);
      if (value != null) {
        return value;
      }
    }
    return "";
  }
}
