package dev.tidewatch.embedded.clickhouse;

import com.sun.jna.Pointer;

/**
 * What a statement read, wrote and returned.
 *
 * @param readRows rows read from storage
 * @param resultRows rows in the answer
 */
record QueryStatistics(
    long readRows,
    long readBytes,
    long resultRows,
    long resultBytes,
    long writtenRows,
    long writtenBytes) {
  static final QueryStatistics NONE = new QueryStatistics(0, 0, 0, 0, 0, 0);

  static QueryStatistics of(Pointer result) {
    return new QueryStatistics(
        LibChdb.chdb_result_storage_rows_read(result),
        LibChdb.chdb_result_storage_bytes_read(result),
        LibChdb.chdb_result_rows_read(result),
        LibChdb.chdb_result_bytes_read(result),
        LibChdb.chdb_result_rows_written(result),
        LibChdb.chdb_result_bytes_written(result));
  }

  /** Chunks of one stream report storage figures as running totals, result figures as parts. */
  QueryStatistics plusChunk(QueryStatistics chunk) {
    return new QueryStatistics(
        Math.max(readRows, chunk.readRows),
        Math.max(readBytes, chunk.readBytes),
        resultRows + chunk.resultRows,
        resultBytes + chunk.resultBytes,
        writtenRows + chunk.writtenRows,
        writtenBytes + chunk.writtenBytes);
  }

  /** The value of the header {@code X-ClickHouse-Summary}. */
  String toSummary(long elapsedNanos) {
    return "{\"read_rows\":\""
        + readRows
        + "\",\"read_bytes\":\""
        + readBytes
        + "\",\"written_rows\":\""
        + writtenRows
        + "\",\"written_bytes\":\""
        + writtenBytes
        + "\",\"total_rows_to_read\":\"0\",\"result_rows\":\""
        + resultRows
        + "\",\"result_bytes\":\""
        + resultBytes
        + "\",\"elapsed_ns\":\""
        + elapsedNanos
        + "\"}";
  }
}
