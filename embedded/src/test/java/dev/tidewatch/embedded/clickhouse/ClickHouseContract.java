package dev.tidewatch.embedded.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ClientConfigProperties;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.data.ClickHouseFormat;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Tidewatch expects of any ClickHouse, over its HTTP protocol, raw and through both drivers.
 * Holds for the embedded server and for a real one alike.
 */
abstract class ClickHouseContract {
  private static final byte[] ROWS = "1\tone\n2\ttwo\n".getBytes(UTF_8);

  private String database;
  HttpClickHouse clickHouse;

  /** Where the server under test answers, user {@code default} without password. */
  abstract String url();

  @BeforeEach
  void createDatabase() throws Exception {
    clickHouse = new HttpClickHouse(url());
    database = "contract_" + Long.toHexString(System.nanoTime());
    clickHouse.ask("CREATE DATABASE " + database);
  }

  @AfterEach
  void dropDatabase() throws Exception {
    clickHouse.ask("DROP DATABASE IF EXISTS " + database);
  }

  private String table(String name, String columns) throws Exception {
    String table = database + "." + name;
    clickHouse.ask("CREATE TABLE " + table + " (" + columns + ") ENGINE = MergeTree ORDER BY a");
    return table;
  }

  private String pairs() throws Exception {
    return table("pairs", "a UInt32, b String");
  }

  private String content(String table) throws Exception {
    return clickHouse.post("SELECT a, b FROM " + table + " ORDER BY a, b").text();
  }

  // Statements

  @Test
  void answersPing() throws Exception {
    assertThat(clickHouse.at("/ping").new Call().get().text()).isEqualTo("Ok.\n");
    assertThat(clickHouse.new Call().get().text()).isEqualTo("Ok.\n");
  }

  @Test
  void definesAltersAndDropsTables() throws Exception {
    String pairs = pairs();
    clickHouse.ask("ALTER TABLE " + pairs + " ADD COLUMN c DateTime64(6, 'UTC') DEFAULT 0");
    assertThat(
            clickHouse.ask(
                "SELECT name, type FROM system.columns WHERE database = '" + database + "'"))
        .isEqualTo("a\tUInt32\nb\tString\nc\tDateTime64(6, \\'UTC\\')");
    clickHouse.ask("DROP TABLE " + pairs);
    assertThat(clickHouse.ask("EXISTS TABLE " + pairs)).isEqualTo("0");
  }

  @Test
  void takesTheQueryFromTheUrlTheBodyOrBoth() throws Exception {
    assertThat(clickHouse.get("SELECT 1").text()).isEqualTo("1\n");
    assertThat(clickHouse.post("SELECT 2").text()).isEqualTo("2\n");
    assertThat(clickHouse.post(" 3 AS x").with("query", "SELECT").text()).isEqualTo("3\n");
  }

  @Test
  void namesDatabaseAndFormatByParameterOrHeader() throws Exception {
    pairs();
    clickHouse.post("INSERT INTO pairs VALUES (1, 'one')").with("database", database).text();
    assertThat(
            clickHouse
                .post("SELECT * FROM pairs")
                .header("X-ClickHouse-Database", database)
                .header("X-ClickHouse-Format", "JSONEachRow")
                .text())
        .isEqualTo("{\"a\":1,\"b\":\"one\"}\n");
    assertThat(
            clickHouse
                .post("SELECT * FROM pairs")
                .with("database", database)
                .with("default_format", "CSV")
                .text())
        .isEqualTo("1,\"one\"\n");
  }

  @Test
  void getCannotChangeAnything() throws Exception {
    String pairs = pairs();
    for (String sql : List.of("DROP TABLE " + pairs, "INSERT INTO " + pairs + " SELECT 1, ''")) {
      HttpResponse<byte[]> response = clickHouse.get(sql).send();
      assertThat(HttpClickHouse.code(response)).as(sql).isEqualTo(164);
    }
    assertThat(content(pairs)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT 1 +                            | 62
          SELECT nosuch                         | 47
          SELECT nosuch(1)                      | 46
          SELECT * FROM nosuch_table            | 60
          SELECT * FROM nosuch_db.t             | 81
          SELECT 1 FORMAT NoSuchFormat          | 73
          SELECT 1 SETTINGS no_such_setting = 1 | 115
          SELECT toUInt8('x')                   | 6
          SELECT throwIf(1)                     | 395
          SELECT 1; SELECT 2                    | 62
          SELECT sleep(3) SETTINGS max_execution_time = 0.2, timeout_before_checking_execution_speed = 0 | 159
          """)
  void answersErrorsWithTheirCode(String sql, int code) throws Exception {
    HttpResponse<byte[]> response = clickHouse.post(sql).send();
    assertThat(response.statusCode()).isGreaterThanOrEqualTo(400);
    assertThat(HttpClickHouse.code(response)).isEqualTo(code);
    assertThat(new String(response.body(), UTF_8))
        .startsWith("Code: " + code + ". DB::Exception: ")
        .containsPattern("\\(version [0-9.]+");
  }

  @Test
  void reportsProgressSummaryAndQueryId() throws Exception {
    String pairs = pairs();
    HttpResponse<byte[]> inserted =
        clickHouse.post("INSERT INTO " + pairs + " VALUES (1, 'a'), (2, 'b')").send();
    assertThat(inserted.headers().firstValue("X-ClickHouse-Summary"))
        .get()
        .asString()
        .contains("\"written_rows\":\"2\"");
    HttpResponse<byte[]> read =
        clickHouse.post("SELECT * FROM " + pairs).with("query_id", "my-id-7").send();
    assertThat(read.headers().firstValue("X-ClickHouse-Query-Id")).contains("my-id-7");
    assertThat(read.headers().firstValue("X-ClickHouse-Timezone")).contains("UTC");
    assertThat(read.headers().firstValue("X-ClickHouse-Format")).contains("TabSeparated");
  }

  @Test
  void settingsInTheUrlHoldForOneQuery() throws Exception {
    String sql = "SELECT value FROM system.settings WHERE name = 'max_threads'";
    assertThat(clickHouse.post(sql).with("max_threads", "3").text().strip()).isEqualTo("3");
    assertThat(clickHouse.ask(sql)).isNotEqualTo("3");
    HttpResponse<byte[]> limited =
        clickHouse.post("SELECT number FROM numbers(100)").with("max_result_rows", "10").send();
    assertThat(HttpClickHouse.code(limited)).isEqualTo(396);
    HttpResponse<byte[]> unknown = clickHouse.post("SELECT 1").with("no_such_setting", "1").send();
    assertThat(HttpClickHouse.code(unknown)).isEqualTo(115);
  }

  // Rows in

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FORMAT TabSeparated | 1\\tone\\n2\\ttwo\\n
          FORMAT CSV          | 1,one\\n2,"two"\\n
          FORMAT JSONEachRow  | {"a":1,"b":"one"}\\n{"b":"two","a":2}
          VALUES              | (1,'one'),(2,'two')
          FORMAT Values       | (1,'one'),(2,'two')
          (b, a) VALUES       | ('one',1),('two',2)
          """)
  void insertsRowsInManyFormats(String clause, String rows) throws Exception {
    String pairs = pairs();
    String data = rows.replace("\\t", "\t").replace("\\n", "\n");
    clickHouse.post("INSERT INTO " + pairs + " " + clause + "\n" + data).text();
    clickHouse.post(data).with("query", "INSERT INTO " + pairs + " " + clause).text();
    assertThat(content(pairs)).isEqualTo("1\tone\n1\tone\n2\ttwo\n2\ttwo\n");
  }

  @Test
  void insertsWhatItGaveOutInBinaryFormats() throws Exception {
    String pairs = pairs();
    for (String format : List.of("Native", "RowBinary", "RowBinaryWithNamesAndTypes", "Parquet")) {
      byte[] rows =
          clickHouse
              .post(
                  "SELECT toUInt32(number) AS a, '\n;\0' || format('{0}', toString(number)) AS b"
                      + " FROM numbers(3) FORMAT "
                      + format)
              .send()
              .body();
      clickHouse.post(rows).with("query", "INSERT INTO " + pairs + " FORMAT " + format).text();
    }
    assertThat(clickHouse.ask("SELECT count(), uniqExact(b), sum(length(b)) FROM " + pairs))
        .isEqualTo("12\t3\t48");
  }

  @Test
  void insertsFromASelect() throws Exception {
    String pairs = pairs();
    clickHouse.ask("INSERT INTO " + pairs + " SELECT number, 'FORMAT CSV' FROM numbers(5)");
    clickHouse.ask(
        "INSERT INTO " + pairs + " WITH 7 AS seven SELECT seven, 'x' SETTINGS max_threads = 1");
    assertThat(clickHouse.ask("SELECT count(), max(a) FROM " + pairs)).isEqualTo("6\t7");
  }

  @Test
  void readsStatementsAsTheServerDoes() throws Exception {
    clickHouse.ask(
        "CREATE TABLE "
            + database
            + ".values (a UInt8, format String)"
            + " ENGINE = MergeTree ORDER BY a");
    clickHouse.ask(
        "/* VALUES */ INSERT INTO "
            + database
            + ".values -- FORMAT CSV\n (a, format)"
            + " VALUES (1, ');--')");
    clickHouse.ask("INSERT INTO " + database + ".`values` (a, `format`) FORMAT CSV 2,$x$");
    assertThat(clickHouse.ask("SELECT format FROM " + database + ".values ORDER BY a"))
        .isEqualTo(");--\n$x$");
    assertThat(clickHouse.ask("SELECT ';', $q$a;b$q$, 'it''s', '\\'' -- ; SELECT\n;"))
        .isEqualTo(";\ta;b\tit\\'s\t\\'");
  }

  @Test
  void emptyInsertsAddNothing() throws Exception {
    String pairs = pairs();
    clickHouse.post(new byte[0]).with("query", "INSERT INTO " + pairs + " FORMAT CSV").text();
    assertThat(content(pairs)).isEmpty();
  }

  @Test
  void aBrokenRowInsertsNothingOfItsRequest() throws Exception {
    String pairs = pairs();
    HttpResponse<byte[]> response =
        clickHouse.post("INSERT INTO " + pairs + " FORMAT CSV\n1,one\ntwo,two\n").send();
    assertThat(HttpClickHouse.code(response)).isEqualTo(27);
    assertThat(content(pairs)).isEmpty();
  }

  @Test
  void aStatementBehindValuesIsRefused() throws Exception {
    String pairs = pairs();
    HttpResponse<byte[]> response =
        clickHouse.post("INSERT INTO " + pairs + " VALUES (1, ';'); DROP TABLE " + pairs).send();
    assertThat(response.statusCode()).isGreaterThanOrEqualTo(400);
    assertThat(clickHouse.ask("EXISTS TABLE " + pairs)).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "lz4", "zstd"})
  void unpacksRequests(String encoding) throws Exception {
    String pairs = pairs();
    clickHouse
        .post(pack(encoding, ROWS))
        .header("Content-Encoding", encoding)
        .with("query", "INSERT INTO " + pairs + " FORMAT TSV")
        .text();
    assertThat(content(pairs)).isEqualTo(new String(ROWS, UTF_8));
    byte[] query = pack(encoding, ("SELECT count() FROM " + pairs).getBytes(UTF_8));
    assertThat(clickHouse.post(query).header("Content-Encoding", encoding).text()).isEqualTo("2\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "lz4", "zstd"})
  void packsAnswersOnDemand(String encoding) throws Exception {
    String sql = "SELECT number FROM numbers(200000)";
    HttpResponse<byte[]> response =
        clickHouse
            .post(sql)
            .with("enable_http_compression", "1")
            .header("Accept-Encoding", encoding)
            .send();
    assertThat(response.headers().firstValue("Content-Encoding")).contains(encoding);
    assertThat(unpack(encoding, response.body())).isEqualTo(clickHouse.post(sql).send().body());
  }

  @Test
  void speaksNativeBlocksBothWays() throws Exception {
    String pairs = pairs();
    clickHouse
        .post(blocks(ROWS))
        .with("query", "INSERT INTO " + pairs + " FORMAT TSV")
        .with("decompress", "1")
        .text();
    HttpResponse<byte[]> answer =
        clickHouse.post("SELECT a, b FROM " + pairs + " ORDER BY a").with("compress", "1").send();
    assertThat(unblock(answer.body())).isEqualTo(ROWS);
  }

  // Placeholders

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "'; DROP TABLE x; --",
        "' OR 1=1 --",
        "back\\slash and \\' both",
        "{p:String}",
        "tab\tnewline\nnull\\N",
        "ünïcode \uD83D\uDE00 \u0001",
        "$q$",
        ""
      })
  void placeholdersAreData(String value) throws Exception {
    // The protocol wants placeholder values escaped as in TSV.
    String escaped = value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
    byte[] answer =
        clickHouse
            .post("SELECT {p:String} FORMAT RowBinary")
            .with("param_p", escaped)
            .send()
            .body();
    assertThat(new String(answer, 1, answer.length - 1, UTF_8)).isEqualTo(value);
    assertThat(
            clickHouse
                .post("SELECT {p:String} = {q:String}")
                .with("param_p", escaped)
                .with("param_q", escaped)
                .text())
        .isEqualTo("1\n");
  }

  @Test
  void placeholdersHaveTypesAndCanBeNames() throws Exception {
    pairs();
    assertThat(
            clickHouse
                .post("SELECT {a:Array(String)}, {t:DateTime64(6, 'UTC')}, {m:Map(String, UInt8)}")
                .with("param_a", "['x','y\\'z']")
                .with("param_t", "2024-05-06 07:08:09.123456")
                .with("param_m", "{'k':1}")
                .text())
        .isEqualTo("['x','y\\'z']\t2024-05-06 07:08:09.123456\t{'k':1}\n");
    assertThat(
            clickHouse
                .post("SELECT count() FROM {d:Identifier}.{t:Identifier}")
                .with("param_d", database)
                .with("param_t", "pairs")
                .text())
        .isEqualTo("0\n");
    HttpResponse<byte[]> missing = clickHouse.post("SELECT {p:String}").send();
    assertThat(HttpClickHouse.code(missing)).isEqualTo(456);
    HttpResponse<byte[]> wrong = clickHouse.post("SELECT {p:UInt8}").with("param_p", "x").send();
    assertThat(HttpClickHouse.code(wrong)).isEqualTo(457);
  }

  @Test
  void takesQueryAndPlaceholdersFromAForm() throws Exception {
    String form =
        "--cut\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\nSELECT {p:String}\r\n"
            + "--cut\r\nContent-Disposition: form-data; name=\"param_p\"\r\n\r\nlöng\r\n--cut--\r\n";
    assertThat(
            clickHouse
                .post(form)
                .header("Content-Type", "multipart/form-data; boundary=cut")
                .text())
        .isEqualTo("löng\n");
  }

  // Sessions

  @Test
  void sessionsKeepTemporaryTablesAndSettings() throws Exception {
    String id = database;
    clickHouse.post("CREATE TEMPORARY TABLE t (a UInt8)").with("session_id", id).text();
    clickHouse.post("SET max_threads = 3").with("session_id", id).text();
    clickHouse.post("INSERT INTO t VALUES (7)").with("session_id", id).text();
    assertThat(
            clickHouse
                .post("SELECT a, getSetting('max_threads') FROM t")
                .with("session_id", id)
                .with("max_block_size", "100")
                .text())
        .isEqualTo("7\t3\n");
    assertThat(
            clickHouse
                .post("SELECT getSetting('max_block_size') != 100")
                .with("session_id", id)
                .text())
        .isEqualTo("1\n");
    assertThat(HttpClickHouse.code(clickHouse.post("SELECT a FROM t").send())).isEqualTo(60);
  }

  @Test
  void sessionsAreCheckedAndServeOneQueryAtATime() throws Exception {
    HttpResponse<byte[]> absent =
        clickHouse.post("SELECT 1").with("session_id", database).with("session_check", "1").send();
    assertThat(HttpClickHouse.code(absent)).isEqualTo(372);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<String> slow = other.submit(this::sleepInSession);
      long deadline = System.nanoTime() + 10_000_000_000L;
      int code = 0;
      while (code != 373 && !slow.isDone() && System.nanoTime() < deadline) {
        code = HttpClickHouse.code(clickHouse.post("SELECT 1").with("session_id", database).send());
      }
      assertThat(code).isEqualTo(373);
      assertThat(slow.get()).isEqualTo("0\n");
    } finally {
      other.shutdownNow();
    }
  }

  /** Asks again while the session is busy with the test's own probes. */
  @Test
  void nothingOfARequestIsLeftForTheNext() throws Exception {
    String threads = "SELECT getSetting('max_threads')";
    String usual = clickHouse.post(threads).text();
    assertThat(clickHouse.post(threads).with("max_threads", "7").text().strip()).isEqualTo("7");
    assertThat(clickHouse.post(threads).text()).isEqualTo(usual);
    assertThat(clickHouse.post("SELECT 1 SETTINGS max_threads = 5").text().strip()).isEqualTo("1");
    assertThat(clickHouse.post(threads).text()).isEqualTo(usual);

    String echo = "SELECT {x:UInt8} + 1";
    assertThat(clickHouse.post(echo).with("param_x", "1").text().strip()).isEqualTo("2");
    assertThat(clickHouse.post(echo).with("param_x", "4").text().strip()).isEqualTo("5");
    assertThat(clickHouse.post(echo).send().statusCode()).isNotEqualTo(200);

    String where = "SELECT currentDatabase()";
    assertThat(clickHouse.post(where).with("database", database).text().strip())
        .isEqualTo(database);
    assertThat(clickHouse.post(where).text().strip()).isEqualTo("default");
  }

  private String sleepInSession() throws Exception {
    HttpResponse<byte[]> response;
    do {
      response = clickHouse.post("SELECT sleep(2)").with("session_id", database).send();
    } while (HttpClickHouse.code(response) == 373);
    return new String(response.body(), UTF_8);
  }

  // Large answers

  @Test
  void streamsLargeAnswersWithOneHeader() throws Exception {
    int rows = 1_500_000;
    HttpResponse<InputStream> response =
        clickHouse
            .post("SELECT number FROM numbers(" + rows + ") FORMAT RowBinaryWithNamesAndTypes")
            .open();
    long bytes;
    try (InputStream body = response.body()) {
      bytes = body.transferTo(OutputStream.nullOutputStream());
    }
    assertThat(bytes).isEqualTo(1 + 7 + 7 + 8L * rows);
  }

  @Test
  void answersWithoutRowsStillHaveAHeader() throws Exception {
    byte[] answer =
        clickHouse
            .post("SELECT number AS n FROM numbers(9) WHERE n > 10")
            .with("default_format", "RowBinaryWithNamesAndTypes")
            .send()
            .body();
    assertThat(answer).isEqualTo("\1\1n\6UInt64".getBytes(UTF_8));
  }

  @Test
  void anErrorInMidStreamNeverLooksLikeTheEnd() {
    assertThatThrownBy(
            () ->
                clickHouse
                    .post(
                        "SELECT throwIf(number = 3000000) FROM numbers(5000000)"
                            + " SETTINGS max_block_size = 10000")
                    .with("default_format", "RowBinary")
                    .send())
        .isInstanceOf(IOException.class);
  }

  @Test
  void waitEndOfQueryTurnsALateErrorIntoAStatus() throws Exception {
    HttpResponse<byte[]> response =
        clickHouse
            .post("SELECT throwIf(number = 3000000) FROM numbers(5000000)")
            .with("wait_end_of_query", "1")
            .send();
    assertThat(HttpClickHouse.code(response)).isEqualTo(395);
  }

  @Test
  void servesManyClientsAtOnce() throws Exception {
    String pairs = pairs();
    int clients = 24;
    int rounds = 10;
    ExecutorService pool = Executors.newFixedThreadPool(clients);
    try {
      List<Callable<String>> calls = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        int a = client;
        calls.add(
            () -> {
              for (int round = 0; round < rounds; round++) {
                String row = "(" + a + ", '" + round + "')";
                clickHouse.post("INSERT INTO " + pairs + " VALUES " + row).text();
              }
              return clickHouse.ask("SELECT count() FROM " + pairs + " WHERE a = " + a);
            });
      }
      for (Future<String> answer : pool.invokeAll(calls)) {
        assertThat(answer.get()).isEqualTo("" + rounds);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(clickHouse.ask("SELECT count(), uniqExact(a, b) FROM " + pairs))
        .isEqualTo("240\t240");
  }

  @Test
  void replacingMergeTreeKeepsTheNewestVersion() throws Exception {
    String table = database + ".latest";
    clickHouse.ask(
        "CREATE TABLE "
            + table
            + " (id String, version UInt64, state String)"
            + " ENGINE = ReplacingMergeTree(version) ORDER BY id");
    clickHouse.ask("INSERT INTO " + table + " VALUES ('x', 2, 'new'), ('y', 1, 'only')");
    clickHouse.ask("INSERT INTO " + table + " VALUES ('x', 1, 'old')");
    assertThat(clickHouse.ask("SELECT id, state FROM " + table + " FINAL ORDER BY id"))
        .isEqualTo("x\tnew\ny\tonly");
    clickHouse.ask("OPTIMIZE TABLE " + table + " FINAL");
    assertThat(clickHouse.ask("SELECT count() FROM " + table)).isEqualTo("2");
  }

  // Drivers

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void clientV2WritesAndReads(boolean compressed) throws Exception {
    String events = table("events", "a UInt64, t DateTime64(6, 'UTC'), b String, c Array(String)");
    try (Client client =
        new Client.Builder()
            .addEndpoint(url())
            .setUsername("default")
            .setPassword("")
            .setDefaultDatabase(database)
            .compressServerResponse(compressed)
            .compressClientRequest(compressed)
            .setOption(ClientConfigProperties.USE_HTTP_COMPRESSION.getKey(), "false")
            .build()) {
      ByteArrayOutputStream rows = new ByteArrayOutputStream();
      for (int i = 0; i < 20_000; i++) {
        rows.write(rowBinary(i, 1_700_000_000_123_456L + i, "r" + i, "x", "y"));
      }
      try (var response =
          client
              .insert(
                  events,
                  new ByteArrayInputStream(rows.toByteArray()),
                  ClickHouseFormat.RowBinary,
                  new InsertSettings())
              .get()) {
        assertThat(response.getWrittenRows()).isEqualTo(20_000);
      }
      List<GenericRecord> read =
          client.queryAll(
              "SELECT * FROM events WHERE b = {b:String}", Map.<String, Object>of("b", "r19999"));
      assertThat(read).hasSize(1);
      assertThat(read.get(0).getLong("a")).isEqualTo(19_999);
      assertThat(read.get(0).getInstant("t").toString()).isEqualTo("2023-11-14T22:13:20.143455Z");
      assertThat(read.get(0).getStringArray("c")).containsExactly("x", "y");
      assertThat(client.queryAll("SELECT a FROM events")).hasSize(20_000);
      assertThatThrownBy(() -> client.queryAll("SELECT nosuch FROM events"))
          .hasStackTraceContaining("Code: 47");
    }
  }

  private static byte[] rowBinary(long a, long micros, String b, String... c) {
    ByteBuffer row = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
    row.putLong(a).putLong(micros).put((byte) b.length()).put(b.getBytes(UTF_8));
    row.put((byte) c.length);
    for (String item : c) {
      row.put((byte) item.length()).put(item.getBytes(UTF_8));
    }
    byte[] bytes = new byte[row.flip().remaining()];
    row.get(bytes);
    return bytes;
  }

  @Test
  void jdbcWritesAndReads() throws Exception {
    pairs();
    try (Connection connection = jdbc();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO pairs (a, b) VALUES (?, ?)")) {
      for (int i = 0; i < 1000; i++) {
        insert.setInt(1, i);
        insert.setString(2, "it's \\ " + i);
        insert.addBatch();
      }
      insert.executeBatch();
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT b, count() OVER () FROM pairs WHERE a >= ? ORDER BY a")) {
        select.setInt(1, 990);
        try (ResultSet rows = select.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString(1)).isEqualTo("it's \\ 990");
          assertThat(rows.getLong(2)).isEqualTo(10);
        }
      }
      try (Statement statement = connection.createStatement();
          ResultSet none = statement.executeQuery("SELECT a FROM pairs WHERE a > 5000")) {
        assertThat(none.getMetaData().getColumnName(1)).isEqualTo("a");
        assertThat(none.next()).isFalse();
        assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM nosuch"))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("60");
      }
    }
  }

  private Connection jdbc() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "default");
    properties.setProperty("password", "");
    return DriverManager.getConnection("jdbc:clickhouse:" + url() + "/" + database, properties);
  }

  // Hostile input

  @Test
  void refusesWrongCredentials() throws Exception {
    for (String[] wrong : new String[][] {{"default", "x"}, {"nobody", ""}, {"", ""}}) {
      HttpResponse<byte[]> response =
          clickHouse
              .post("SELECT 1")
              .header("X-ClickHouse-User", wrong[0])
              .header("X-ClickHouse-Key", wrong[1])
              .send();
      assertThat(response.statusCode()).isIn(401, 403);
      assertThat(HttpClickHouse.code(response)).isIn(192, 194, 516);
    }
  }

  @Test
  void refusesBrokenBlocksAndInsertsNothing() throws Exception {
    String pairs = pairs();
    byte[] whole = blocks(ROWS);
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 3);
    byte[] flipped = whole.clone();
    flipped[flipped.length - 1] ^= 1;
    byte[] huge = whole.clone();
    ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putInt(21, Integer.MAX_VALUE);
    for (byte[] broken : List.of(cut, flipped, huge, new byte[100])) {
      HttpResponse<byte[]> response =
          clickHouse
              .post(broken)
              .with("query", "INSERT INTO " + pairs + " FORMAT TSV")
              .with("decompress", "1")
              .send();
      assertThat(response.statusCode()).isGreaterThanOrEqualTo(400);
      assertThat(HttpClickHouse.code(response)).isNotZero();
    }
    assertThat(content(pairs)).isEmpty();
  }

  @Test
  void refusesGarbage() throws Exception {
    byte[] garbage = new byte[5000];
    new java.util.Random(3).nextBytes(garbage);
    assertThat(HttpClickHouse.code(clickHouse.post(garbage).send())).isEqualTo(62);
    for (String encoding : List.of("gzip", "deflate", "lz4", "zstd", "nonsense")) {
      HttpResponse<byte[]> response =
          clickHouse.post(garbage).header("Content-Encoding", encoding).send();
      assertThat(response.statusCode()).as(encoding).isGreaterThanOrEqualTo(400);
    }
    assertThat(HttpClickHouse.code(clickHouse.post("  -- nothing\n").send())).isEqualTo(62);
    assertThat(clickHouse.ask("SELECT 1")).isEqualTo("1");
  }

  static byte[] pack(String encoding, byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (encoding) {
          case "gzip" -> new GZIPOutputStream(packed);
          case "deflate" -> new DeflaterOutputStream(packed);
          case "lz4" -> new LZ4FrameOutputStream(packed);
          case "zstd" -> new ZstdOutputStream(packed);
          default -> throw new IllegalArgumentException(encoding);
        }) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  static byte[] unpack(String encoding, byte[] bytes) throws IOException {
    InputStream packed = new ByteArrayInputStream(bytes);
    try (InputStream in =
        switch (encoding) {
          case "gzip" -> new GZIPInputStream(packed);
          case "deflate" -> new InflaterInputStream(packed);
          case "lz4" -> new LZ4FrameInputStream(packed);
          case "zstd" -> new ZstdInputStream(packed);
          default -> throw new IllegalArgumentException(encoding);
        }) {
      return in.readAllBytes();
    }
  }

  static byte[] blocks(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (NativeBlockOutputStream out = new NativeBlockOutputStream(packed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  static byte[] unblock(byte[] bytes) throws IOException {
    return new NativeBlockInputStream(new ByteArrayInputStream(bytes), 1 << 26).readAllBytes();
  }
}
