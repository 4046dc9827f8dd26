package dev.tidewatch.store;

import java.util.List;

/** Encodes a batch into a reused buffer and inserts it. One thread at a time. */
final class BatchWriter<T> {
  /** Appends a row's values in the order of the writer's columns. */
  interface Encoder<T> {
    void encode(T row, RowBinaryBuffer out);
  }

  private final InsertChannel channel;
  private final String table;
  private final List<String> columns;
  private final Encoder<T> encoder;
  private final RowBinaryBuffer buffer = new RowBinaryBuffer();

  BatchWriter(Server server, String table, List<String> columns, Encoder<T> encoder) {
    this.channel = server.newChannel();
    this.table = table;
    this.columns = columns;
    this.encoder = encoder;
  }

  /** A batch too large for the server's memory is written in halves; one row cannot be halved. */
  void write(List<T> rows) {
    if (rows.isEmpty()) {
      return;
    }
    try {
      insert(rows);
    } catch (StoreUnavailableException e) {
      if (e.code() != StoreFailures.MEMORY_LIMIT_EXCEEDED || rows.size() == 1) {
        throw e;
      }
      int half = rows.size() / 2;
      write(rows.subList(0, half));
      write(rows.subList(half, rows.size()));
    }
  }

  private void insert(List<T> rows) {
    buffer.clear();
    for (int i = 0; i < rows.size(); i++) {
      encode(i, rows.get(i));
    }
    channel.insert(table, columns, buffer);
  }

  private void encode(int index, T row) {
    try {
      encoder.encode(row, buffer);
    } catch (IllegalArgumentException e) {
      throw new StoreRejectedException(
          "row " + index + " does not fit into " + table + ": " + e.getMessage(),
          StoreException.NO_CODE,
          e);
    }
  }
}
