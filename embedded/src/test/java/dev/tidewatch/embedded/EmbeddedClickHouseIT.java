package dev.tidewatch.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidewatch.embedded.junit.SmallDisk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedClickHouseIT {
  private static final String ROWS_TABLE =
      "CREATE TABLE rows (a UInt64) ENGINE = MergeTree ORDER BY a";
  private final HttpClient http = HttpClient.newHttpClient();
  @TempDir Path data;

  @Test
  void keepsDataAndPortAcrossStopAndStart() throws Exception {
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(data, 0)) {
      ask(server, ROWS_TABLE);
      ask(server, "INSERT INTO rows VALUES (1), (2)");
      String url = server.url();
      server.stop();
      assertThat(server.isAlive()).isFalse();
      assertThatThrownBy(() -> ask(server, "SELECT 1")).isInstanceOf(IOException.class);
      server.start();
      assertThat(server.url()).isEqualTo(url);
      assertThat(ask(server, "SELECT sum(a) FROM rows")).isEqualTo("3");
      server.restart();
      assertThat(ask(server, "SELECT sum(a) FROM rows")).isEqualTo("3");
    }
  }

  @Test
  void killLosesNoAcknowledgedRow() throws Exception {
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(data, 0)) {
      ask(server, ROWS_TABLE);
      for (int round = 0; round < 3; round++) {
        AtomicLong next = new AtomicLong();
        CompletableFuture<Void> inserts =
            CompletableFuture.runAsync(() -> insertUntilGone(server, next));
        await().until(() -> inserts.isDone() || next.get() >= 10_000);
        CompletableFuture<Integer> exit = server.onExit();
        server.kill();
        inserts.get(30, TimeUnit.SECONDS);
        long acknowledged = next.get();
        assertThat(exit.get(5, TimeUnit.SECONDS)).isEqualTo(128 + 9);
        server.start();
        long kept = Long.parseLong(ask(server, "SELECT count(DISTINCT a) FROM rows"));
        // The request that was under way may be in or not.
        assertThat(kept).isBetween(acknowledged, acknowledged + 1000);
        assertThat(ask(server, "SELECT count() FROM rows WHERE a < " + acknowledged))
            .isEqualTo("" + acknowledged);
        ask(server, "TRUNCATE TABLE rows");
      }
    }
  }

  /** Batches of 1000 consecutive numbers; {@code next} is the first one not acknowledged. */
  private void insertUntilGone(EmbeddedClickHouse server, AtomicLong next) {
    try {
      while (true) {
        ask(server, "INSERT INTO rows SELECT number + " + next + " FROM numbers(1000)");
        next.addAndGet(1000);
      }
    } catch (IOException e) {
      // Gone, as it should be.
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void refusesADirectoryInUseAndNamesThePid() {
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(data, 0)) {
      assertThatThrownBy(() -> EmbeddedClickHouse.start(data, 0))
          .isInstanceOf(EmbeddedServerException.class)
          .hasMessageContaining(data.toString())
          .hasMessageContaining("process " + server.pid());
      assertThat(server.isAlive()).isTrue();
    }
  }

  @Test
  void namesATakenPort() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> EmbeddedClickHouse.start(data, taken.getLocalPort()))
          .isInstanceOf(EmbeddedServerException.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void asksForThePassword() throws Exception {
    ClickHouseOptions options = ClickHouseOptions.of(data).withCredentials("analyst", "s'3cr=t ü");
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(options)) {
      assertThat(post(server, "SELECT 1").statusCode()).isEqualTo(403);
      String both = "analyst:s'3cr=t ü";
      String basic = "Basic " + java.util.Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
      assertThat(post(server, "SELECT 1", "Authorization", basic).body()).isEqualTo("1\n");
      assertThat(ProcessHandle.of(server.pid()).orElseThrow().info().commandLine().orElse(""))
          .doesNotContain("s'3cr=t");
    }
  }

  @Test
  void webPagesAreRefused() throws Exception {
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(data, 0)) {
      HttpResponse<String> page = post(server, "SELECT 1", "Origin", "https://page.example");
      assertThat(page.statusCode()).isEqualTo(403);
      assertThat(post(server, "SELECT 1", "Origin", "http://localhost:8123").body())
          .isEqualTo("1\n");
    }
  }

  @Test
  void staysWithinItsMemory() throws Exception {
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(data, 0)) {
      HttpResponse<String> large =
          post(server, "SELECT uniqExact(number), groupArray(number) FROM numbers(60000000)");
      assertThat(large.headers().firstValue("X-ClickHouse-Exception-Code")).contains("241");
      // JSON cannot be streamed: the engine holds the text, so the result is bounded before.
      HttpResponse<String> wide = post(server, "SELECT * FROM numbers(30000000) FORMAT JSON");
      assertThat(wide.headers().firstValue("X-ClickHouse-Exception-Code")).contains("396");
      assertThat(ask(server, "SELECT 1")).isEqualTo("1");
      assertThat(peakResidentBytes(server)).isLessThan(900_000_000L);
    }
  }

  private static long peakResidentBytes(EmbeddedClickHouse server) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void refusesRequestsAboveItsLimit() throws Exception {
    ClickHouseOptions options = ClickHouseOptions.of(data).withLimits(2, 100_000);
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(options)) {
      ask(server, "CREATE TABLE texts (a String) ENGINE = MergeTree ORDER BY a");
      HttpResponse<String> large =
          post(server, "INSERT INTO texts FORMAT TSV\n" + "x".repeat(200_000));
      assertThat(large.headers().firstValue("X-ClickHouse-Exception-Code")).contains("256");
      assertThat(large.statusCode()).isEqualTo(413);
      assertThat(ask(server, "SELECT count() FROM texts")).isEqualTo("0");
    }
  }

  @Test
  void endsWithItsParentHoweverThatEnds() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(parent.getInputStream(), UTF_8))) {
      ProcessHandle child = ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
      parent.destroyForcibly().waitFor();
      child.onExit().get(20, TimeUnit.SECONDS);
    } finally {
      parent.destroyForcibly();
    }
    EmbeddedClickHouse.start(data, 0).close();
  }

  /** A process that starts ClickHouse and never stops it. */
  static final class Parent {
    public static void main(String[] arguments) throws Exception {
      System.out.println(EmbeddedClickHouse.start(Path.of(arguments[0]), 0).pid());
      Thread.sleep(Duration.ofMinutes(1).toMillis());
    }
  }

  @Test
  void aFullDiskIsAnErrorAndPasses() throws Exception {
    Optional<SmallDisk> mounted = SmallDisk.tryMount(64);
    assumeTrue(mounted.isPresent(), "not permitted to mount a tmpfs");
    try (SmallDisk disk = mounted.get();
        EmbeddedClickHouse server = EmbeddedClickHouse.start(disk.directory(), 0)) {
      ask(server, ROWS_TABLE);
      ask(server, "INSERT INTO rows VALUES (1)");
      disk.fill();
      HttpResponse<String> refused =
          post(server, "INSERT INTO rows SELECT rand64() FROM numbers(1000000)");
      assertThat(refused.statusCode()).isGreaterThanOrEqualTo(500);
      assertThat(refused.body()).containsAnyOf("NOT_ENOUGH_SPACE", "No space left");
      disk.free();
      ask(server, "INSERT INTO rows VALUES (2)");
      assertThat(ask(server, "SELECT groupArray(a) FROM (SELECT a FROM rows ORDER BY a)"))
          .isEqualTo("[1,2]");
    }
  }

  private HttpResponse<String> post(EmbeddedClickHouse server, String sql, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url()))
            .timeout(Duration.ofSeconds(60))
            .POST(BodyPublishers.ofString(sql));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private String ask(EmbeddedClickHouse server, String sql)
      throws IOException, InterruptedException {
    HttpResponse<String> response = post(server, sql);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body().stripTrailing();
  }
}
