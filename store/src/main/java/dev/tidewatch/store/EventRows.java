package dev.tidewatch.store;

import dev.tidewatch.control.v1.EventRow;
import dev.tidewatch.events.OcsfEvent;
import java.io.IOException;
import java.util.stream.Collectors;

/** Rows of {@code events}: the columns that are selected, and how they are read back. */
final class EventRows {
  /** What {@link #read} reads. */
  static final String COLUMNS =
      "event_id, time, ingest_time, product, category, service, class_uid, class_name, host, user,"
          + " summary, origin, "
          + OcsfEvent.COLUMNS.stream()
              .map(OcsfEvent.Column::columnName)
              .collect(Collectors.joining(", "));

  /** What {@link #readWhole} reads. */
  static final String ALL_COLUMNS = COLUMNS + ", payload";

  private EventRows() {}

  static EventRow read(RowBinaryReader in) throws IOException {
    return builder(in).build();
  }

  static EventRow readWhole(RowBinaryReader in) throws IOException {
    return builder(in).setPayload(in.string()).build();
  }

  private static EventRow.Builder builder(RowBinaryReader in) throws IOException {
    EventRow.Builder row =
        EventRow.newBuilder()
            .setEventId(in.uuid().toString())
            .setTimeMs(AlertRows.millis(in))
            .setIngestTimeMs(AlertRows.millis(in))
            .setLogSource(AlertRows.logSource(in))
            .setClassUid(in.int32())
            .setClassName(in.string())
            .setHost(in.string())
            .setUser(in.string())
            .setSummary(in.string())
            .setOrigin(in.string());
    for (OcsfEvent.Column column : OcsfEvent.COLUMNS) {
      String value = value(column, in);
      if (!value.isEmpty()) {
        row.putOcsf(column.name(), value);
      }
    }
    return row;
  }

  private static String value(OcsfEvent.Column column, RowBinaryReader in) throws IOException {
    if (column.type() != OcsfEvent.Type.INT) {
      return in.string();
    }
    return in.isNull() ? "" : Long.toString(in.int64());
  }
}
