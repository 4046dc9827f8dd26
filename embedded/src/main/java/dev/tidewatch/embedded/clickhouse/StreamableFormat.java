package dev.tidewatch.embedded.clickhouse;

import com.sun.jna.Pointer;
import java.util.Optional;
import java.util.Set;

/**
 * Formats whose answer can be sent while the query runs. The engine formats each chunk as if it
 * were a whole answer, so only formats without head and tail qualify, and {@code
 * RowBinaryWithNamesAndTypes}, whose head can be cut off again. All others are answered in one
 * piece.
 */
record StreamableFormat(String name) {
  private static final String WITH_HEADER = "RowBinaryWithNamesAndTypes";
  private static final Set<String> NAMES =
      Set.of(
          WITH_HEADER,
          "RowBinary",
          "Native",
          "TabSeparated",
          "TSV",
          "TabSeparatedRaw",
          "TSVRaw",
          "CSV",
          "JSONEachRow",
          "JSONLines",
          "NDJSON",
          "JSONCompactEachRow",
          "LineAsString");

  static Optional<StreamableFormat> of(String format) {
    return NAMES.contains(format) ? Optional.of(new StreamableFormat(format)) : Optional.empty();
  }

  /** Bytes at the start of a later chunk that repeat the first chunk's head. */
  long headerBytes(Pointer chunk) {
    Pointer data = name.equals(WITH_HEADER) ? LibChdb.chdb_result_buffer(chunk) : null;
    if (data == null || LibChdb.chdb_result_length(chunk) == 0) {
      return 0;
    }
    Cursor cursor = new Cursor(data);
    long columns = cursor.varint();
    for (long text = 0; text < 2 * columns; text++) {
      cursor.skip(cursor.varint());
    }
    return cursor.offset;
  }

  /** Reads LEB128 lengths, as the engine wrote them. */
  private static final class Cursor {
    private final Pointer data;
    private long offset;

    Cursor(Pointer data) {
      this.data = data;
    }

    long varint() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = data.getByte(offset++);
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }

    void skip(long bytes) {
      offset += bytes;
    }
  }
}
