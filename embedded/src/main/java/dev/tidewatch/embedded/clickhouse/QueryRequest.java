package dev.tidewatch.embedded.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A statement and the rows behind it.
 *
 * @param sql the statement; for an INSERT with rows, followed by the first rows
 * @param rest of the body, not read yet
 * @param format asked for by parameter or header, or null
 * @param database asked for by parameter or header, or null
 */
record QueryRequest(
    byte[] sql,
    Statement statement,
    InputStream rest,
    @Nullable String format,
    @Nullable String database) {
  /** Rows of an INSERT may follow at any length; the statement itself must end within this. */
  static final int MAX_STATEMENT_BYTES = 8 << 20;

  /** The part of an INSERT that names table, columns and format must end within this. */
  private static final int MAX_INSERT_HEAD_BYTES = 256 << 10;

  /**
   * Reads the statement, and of an INSERT with rows no more than the start of them. Fields of a
   * form are added to {@code parameters}.
   *
   * @param maxBytes of the decompressed body
   */
  static QueryRequest read(HttpExchange exchange, RequestParameters parameters, long maxBytes)
      throws IOException {
    Headers headers = exchange.getRequestHeaders();
    InputStream body =
        RequestBody.decode(
            exchange.getRequestBody(),
            headers.getFirst("Content-Encoding"),
            parameters.isSet("decompress"),
            maxBytes);
    String contentType = headers.getFirst("Content-Type");
    if (contentType != null && FormFields.isForm(contentType)) {
      FormFields.addTo(parameters, readStatement(body, new byte[0]), contentType);
      body = InputStream.nullInputStream();
    }
    return of(
        parameters.get("query"),
        body,
        or(parameters.get("default_format"), headers.getFirst("X-ClickHouse-Format")),
        or(parameters.get("database"), headers.getFirst("X-ClickHouse-Database")));
  }

  private static QueryRequest of(
      @Nullable String query, InputStream body, @Nullable String format, @Nullable String database)
      throws IOException {
    byte[] url = query == null ? new byte[0] : (query + "\n").getBytes(UTF_8);
    if (url.length > 0 && format != null) {
      // INSERT INTO t with the format in a header: all of the body is rows.
      Statement inUrl = Statement.parse(url, url.length);
      if (inUrl instanceof Statement.InsertRows) {
        return new QueryRequest(url, inUrl, body, format, database);
      }
    }
    InputStream all = new SequenceInputStream(new ByteArrayInputStream(url), body);
    byte[] head = all.readNBytes(Math.max(MAX_INSERT_HEAD_BYTES, url.length));
    Statement statement = Statement.parse(head, head.length);
    if (statement instanceof Statement.InsertRows || head.length < MAX_INSERT_HEAD_BYTES) {
      return new QueryRequest(head, statement, all, format, database);
    }
    byte[] sql = readStatement(all, head);
    return new QueryRequest(sql, Statement.parse(sql, sql.length), all, format, database);
  }

  private static byte[] readStatement(InputStream in, byte[] head) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(head);
    all.write(in.readNBytes(Math.max(0, MAX_STATEMENT_BYTES + 1 - head.length)));
    if (all.size() > MAX_STATEMENT_BYTES) {
      throw ClickHouseException.of(
          ClickHouseException.QUERY_IS_TOO_LARGE,
          "QUERY_IS_TOO_LARGE",
          "Query is longer than " + MAX_STATEMENT_BYTES + " bytes");
    }
    return all.toByteArray();
  }

  /** Rows of the INSERT: those behind the statement, then the rest of the body. */
  InputStream rows(Statement.InsertRows insert) {
    int offset = insert.dataOffset();
    return new SequenceInputStream(
        new ByteArrayInputStream(sql, offset, sql.length - offset), rest);
  }

  /** The format that the statement names, else the one asked for, else {@code otherwise}. */
  String formatOr(@Nullable String inStatement, String otherwise) {
    String asked = or(inStatement, format);
    return asked == null ? otherwise : asked;
  }

  /** The format to send while the query runs; empty when the answer must be sent in one piece. */
  Optional<StreamableFormat> streamable(RequestParameters parameters) {
    return reads() && !parameters.isSet("wait_end_of_query")
        ? StreamableFormat.of(answerFormat())
        : Optional.empty();
  }

  boolean reads() {
    return statement instanceof Statement.Whole whole && whole.reads();
  }

  /** Whether a connection is, after the statement, as it was before: no settings, no tables. */
  boolean leavesNothing() {
    return reads() || statement instanceof Statement.InsertRows;
  }

  /** Of the answer; for statements other than INSERT with rows. */
  String answerFormat() {
    return statement instanceof Statement.Whole whole
        ? formatOr(whole.format(), "TabSeparated")
        : "TabSeparated";
  }

  private static @Nullable String or(@Nullable String first, @Nullable String second) {
    return first != null ? first : second;
  }
}
