package dev.tidewatch.embedded.clickhouse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.embedded.junit.ClickHouseExtension;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that no driver sends. After each of them the server still serves, and holds no row. */
class HostileClientsIT {
  @RegisterExtension static final ClickHouseExtension SERVER = new ClickHouseExtension();

  private HttpClickHouse clickHouse;

  @BeforeEach
  void createTable() throws Exception {
    clickHouse = new HttpClickHouse(SERVER.url());
    clickHouse.ask("CREATE OR REPLACE TABLE t (a String) ENGINE = MergeTree ORDER BY a");
  }

  @AfterEach
  void stillServes() throws Exception {
    assertThat(clickHouse.ask("SELECT count() FROM t")).isEqualTo("0");
    assertThat(SERVER.clickHouse().isAlive()).isTrue();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", SERVER.clickHouse().port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** Sends raw bytes, stops sending, and returns what comes back until the server hangs up. */
  private String exchange(byte[] bytes) throws IOException {
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      try {
        out.write(bytes);
        socket.shutdownOutput();
      } catch (IOException e) {
        // The server may hang up before it has read all.
      }
      try {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      } catch (IOException e) {
        return "";
      }
    }
  }

  private String exchange(String text) throws IOException {
    return exchange(text.getBytes(ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 100\r\n\r\ncut off\n",
        "Transfer-Encoding: chunked\r\n\r\n20\r\ncut off\n",
        "Transfer-Encoding: chunked\r\n\r\n8\r\ncut off\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\ncut off\n\r\n0\r\n\r\n",
        "Content-Length: -5\r\n\r\ncut off\n",
        "Content-Length: 99999999999999999999\r\n\r\ncut off\n",
      })
  void aCutOffInsertInsertsNothing(String rest) throws Exception {
    String answer =
        exchange("POST /?query=INSERT+INTO+t+FORMAT+TSV HTTP/1.1\r\nHost: localhost\r\n" + rest);
    assertThat(answer).doesNotContain("200 OK");
  }

  @Test
  void hugeHeadersAndUrlsAreCutShort() throws Exception {
    String huge = "x".repeat(5_000_000);
    assertThat(exchange("GET /?query=SELECT+1&param_x=" + huge + " HTTP/1.1\r\n\r\n"))
        .doesNotContain("200 OK");
    assertThat(exchange("GET /?query=SELECT+1 HTTP/1.1\r\nX-Header: " + huge + "\r\n\r\n"))
        .doesNotContain("200 OK");
    StringBuilder many = new StringBuilder("GET /?query=SELECT+1 HTTP/1.1\r\n");
    for (int i = 0; i < 20_000; i++) {
      many.append("X-").append(i).append(": 1\r\n");
    }
    assertThat(exchange(many.append("\r\n").toString())).doesNotContain("200 OK");
  }

  @Test
  void randomBytesAreNoRequest() throws Exception {
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      byte[] noise = new byte[random.nextInt(3000)];
      random.nextBytes(noise);
      assertThat(exchange(noise)).doesNotContain("200 OK");
    }
  }

  @Test
  void thoseWhoNeverFinishKeepNobodyOut() throws Exception {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        Socket socket = connect();
        socket.getOutputStream().write("POST / HTTP/1.1\r\nHost: ".getBytes(ISO_8859_1));
        idle.add(socket);
      }
      assertThat(clickHouse.ask("SELECT 1")).isEqualTo("1");
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void clientsThatLeaveInMidAnswerFreeTheirQuery() throws Exception {
    for (int round = 0; round < 20; round++) {
      try (Socket socket = connect()) {
        socket
            .getOutputStream()
            .write(
                ("GET /?query=SELECT+number+FROM+numbers(1000000000)+FORMAT+RowBinary HTTP/1.1\r\n"
                        + "Host: localhost\r\n\r\n")
                    .getBytes(ISO_8859_1));
        assertThat(socket.getInputStream().readNBytes(1000)).hasSize(1000);
      }
    }
    // 20 exceeds the 16 that may run at once.
    assertThat(clickHouse.ask("SELECT 1")).isEqualTo("1");
  }

  @Test
  void namesCannotSmuggleSqlOrHeaders() throws Exception {
    String evil = "t`; DROP TABLE t; --";
    assertThat(clickHouse.post("SELECT 1").with("database", evil).send().statusCode())
        .isEqualTo(404);
    for (String setting : List.of("max_threads = 1, readonly", "x'", "a b", "é")) {
      HttpResponse<byte[]> response = clickHouse.post("SELECT 1").with(setting, "1").send();
      assertThat(HttpClickHouse.code(response)).as(setting).isEqualTo(115);
    }
    HttpResponse<byte[]> value =
        clickHouse.post("SELECT 1").with("max_threads", "1'; DROP TABLE t; --").send();
    assertThat(value.statusCode()).isGreaterThanOrEqualTo(400);
    HttpResponse<byte[]> id = clickHouse.post("SELECT 1").with("query_id", "x\r\nX-Evil: 1").send();
    assertThat(id.headers().firstValue("X-Evil")).isEmpty();
    HttpResponse<byte[]> format =
        clickHouse.post("SELECT 1").with("default_format", "CSV\r\nX-Evil: 1").send();
    assertThat(format.headers().firstValue("X-Evil")).isEmpty();
    assertThat(format.statusCode()).isGreaterThanOrEqualTo(400);
    assertThat(exchange("GET /?query=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n")).contains(" 400 ");
    assertThat(exchange("DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n")).contains(" 405 ");
    assertThat(exchange("GET /../etc HTTP/1.1\r\nHost: localhost\r\n\r\n")).contains(" 404 ");
    assertThat(exchange("GET / HTTP/1.1\r\nHost: rebound.example\r\n\r\n")).contains(" 403 ");
  }

  @Test
  void aSmallRequestThatUnpacksToTooMuchIsRefused() throws Exception {
    byte[] bomb = ClickHouseContract.pack("gzip", new byte[20 << 20]);
    assertThat(bomb.length).isLessThan(100_000);
    HttpResponse<byte[]> response = clickHouse.post(bomb).header("Content-Encoding", "gzip").send();
    assertThat(HttpClickHouse.code(response)).isIn(62, 256);
  }
}
