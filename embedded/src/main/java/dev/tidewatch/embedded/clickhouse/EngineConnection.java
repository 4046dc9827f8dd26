package dev.tidewatch.embedded.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.Pointer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection: its current database, its settings, its temporary tables. For one thread at a
 * time.
 */
final class EngineConnection implements AutoCloseable {
  private static final int COPY_BYTES = 256 << 10;

  private @Nullable Pointer outer;
  private final Pointer connection;

  EngineConnection(Pointer outer, Pointer inner) {
    this.outer = outer;
    this.connection = inner;
  }

  /** Runs a statement for its effect. */
  void execute(String sql) {
    queryText(sql);
  }

  String queryText(String sql) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      query(sql.getBytes(UTF_8), "TabSeparated", Map.of(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(UTF_8);
  }

  /**
   * Runs a statement whose whole answer the engine holds in memory, under its memory limit, and
   * copies it out.
   */
  QueryStatistics query(byte[] sql, String format, Map<String, String> parameters, OutputStream out)
      throws IOException {
    byte[] formatBytes = format.getBytes(UTF_8);
    try (NativeParameters params = new NativeParameters(parameters)) {
      Pointer result =
          checked(
              LibChdb.chdb_query_with_params_n(
                  connection,
                  sql,
                  sql.length,
                  formatBytes,
                  formatBytes.length,
                  params.names(),
                  params.nameLengths(),
                  params.values(),
                  params.valueLengths(),
                  params.count()));
      try {
        copy(result, 0, out);
        return QueryStatistics.of(result);
      } finally {
        LibChdb.chdb_destroy_query_result(result);
      }
    }
  }

  /**
   * Runs a query and copies its answer out chunk by chunk. Only for formats whose chunks can be
   * joined; {@link StreamableFormat} knows which.
   */
  QueryStatistics stream(
      byte[] sql, StreamableFormat format, Map<String, String> parameters, OutputStream out)
      throws IOException {
    byte[] formatBytes = format.name().getBytes(UTF_8);
    try (NativeParameters params = new NativeParameters(parameters)) {
      Pointer stream =
          checked(
              LibChdb.chdb_stream_query_with_params_n(
                  connection,
                  sql,
                  sql.length,
                  formatBytes,
                  formatBytes.length,
                  params.names(),
                  params.nameLengths(),
                  params.values(),
                  params.valueLengths(),
                  params.count()));
      boolean finished = false;
      try {
        QueryStatistics statistics = fetchAll(stream, format, out);
        finished = true;
        return statistics;
      } finally {
        if (!finished) {
          LibChdb.chdb_stream_cancel_query(connection, stream);
        }
        LibChdb.chdb_destroy_query_result(stream);
      }
    }
  }

  private QueryStatistics fetchAll(Pointer stream, StreamableFormat format, OutputStream out)
      throws IOException {
    QueryStatistics total = QueryStatistics.NONE;
    boolean first = true;
    while (true) {
      Pointer chunk = LibChdb.chdb_stream_fetch_result(connection, stream);
      if (chunk == null) {
        return total;
      }
      checked(chunk);
      try {
        QueryStatistics statistics = QueryStatistics.of(chunk);
        long length = LibChdb.chdb_result_length(chunk);
        if (length == 0 && statistics.resultRows() == 0) {
          return total;
        }
        total = total.plusChunk(statistics);
        copy(chunk, first ? 0 : format.headerBytes(chunk), out);
        first = first && length == 0;
      } finally {
        LibChdb.chdb_destroy_query_result(chunk);
      }
    }
  }

  /**
   * Runs an INSERT whose rows come as a stream. Nothing is acknowledged unless the whole stream was
   * read; a stream that fails is cancelled.
   *
   * @param sql the statement up to and without {@code FORMAT} or {@code VALUES}
   */
  QueryStatistics insert(
      String sql, String format, Map<String, String> parameters, InputStream rows)
      throws IOException {
    byte[] sqlBytes = sql.getBytes(UTF_8);
    byte[] formatBytes = format.getBytes(UTF_8);
    try (NativeParameters params = new NativeParameters(parameters)) {
      Pointer stream =
          LibChdb.chdb_stream_insert_with_params_n(
              connection,
              sqlBytes,
              sqlBytes.length,
              formatBytes,
              formatBytes.length,
              params.names(),
              params.nameLengths(),
              params.values(),
              params.valueLengths(),
              params.count());
      if (stream == null) {
        throw ClickHouseException.fromEngine("the engine opened no insert");
      }
      boolean finished = false;
      try {
        throwIfFailed(stream);
        append(stream, rows);
        Pointer result = checked(LibChdb.chdb_stream_done(stream));
        finished = true;
        QueryStatistics statistics = QueryStatistics.of(result);
        LibChdb.chdb_destroy_query_result(result);
        return statistics;
      } finally {
        if (!finished) {
          LibChdb.chdb_stream_cancel_insert(stream);
        }
        LibChdb.chdb_destroy_insert_stream(stream);
      }
    }
  }

  private static void append(Pointer stream, InputStream rows) throws IOException {
    byte[] buffer = new byte[COPY_BYTES];
    int length;
    while ((length = rows.readNBytes(buffer, 0, buffer.length)) > 0) {
      if (LibChdb.chdb_stream_append(stream, buffer, length) != 0) {
        throwIfFailed(stream);
        throw ClickHouseException.fromEngine("the engine took no more rows");
      }
    }
  }

  private static void throwIfFailed(Pointer stream) {
    Pointer error = LibChdb.chdb_stream_insert_error(stream);
    if (error != null) {
      throw ClickHouseException.fromEngine(error.getString(0, "UTF-8"));
    }
  }

  private static void copy(Pointer result, long from, OutputStream out) throws IOException {
    long length = LibChdb.chdb_result_length(result);
    Pointer data = LibChdb.chdb_result_buffer(result);
    if (data == null || length <= from) {
      return;
    }
    byte[] buffer = new byte[(int) Math.min(length - from, COPY_BYTES)];
    for (long offset = from; offset < length; offset += buffer.length) {
      int part = (int) Math.min(buffer.length, length - offset);
      data.read(offset, buffer, 0, part);
      out.write(buffer, 0, part);
    }
  }

  private static Pointer checked(@Nullable Pointer result) {
    if (result == null) {
      throw ClickHouseException.fromEngine("the engine gave no answer");
    }
    Pointer error = LibChdb.chdb_result_error(result);
    if (error == null) {
      return result;
    }
    String message = error.getString(0, "UTF-8");
    LibChdb.chdb_destroy_query_result(result);
    throw ClickHouseException.fromEngine(message);
  }

  @Override
  public void close() {
    if (outer != null) {
      LibChdb.chdb_close_conn(outer);
      outer = null;
    }
  }
}
