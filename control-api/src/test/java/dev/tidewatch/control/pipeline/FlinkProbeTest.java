package dev.tidewatch.control.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against answers in the shapes of Flink 2.3's REST API. */
class FlinkProbeTest {
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private HttpServer flink;
  private FlinkProbe probe;

  @BeforeEach
  void start() throws IOException {
    flink = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    flink.createContext(
        "/",
        exchange -> {
          String answer = answers.get(exchange.getRequestURI().toString());
          byte[] body = (answer == null ? "{}" : answer).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    flink.start();
    probe =
        new FlinkProbe(
            URI.create("http://127.0.0.1:" + flink.getAddress().getPort() + "/"),
            "tidewatch-detection");
  }

  @AfterEach
  void stop() {
    flink.stop(0);
  }

  @Test
  void readsTheRunningJob() throws Exception {
    answers.put(
        "/jobs/overview",
        """
        {"jobs":[
         {"jid":"old","name":"tidewatch-detection","state":"CANCELED","start-time":9,"end-time":10},
         {"jid":"other","name":"another job","state":"RUNNING","start-time":99,"end-time":-1},
         {"jid":"j1","name":"tidewatch-detection","state":"RUNNING","start-time":5,"end-time":-1}]}
        """);
    answers.put("/jobs/j1", "{\"vertices\":[{\"id\":\"v0\"},{\"id\":\"v1\"}]}");
    answers.put(
        "/jobs/j1/checkpoints",
        """
        {"counts":{"restored":0,"total":9,"in_progress":0,"completed":8,"failed":1},
         "latest":{"completed":{"id":8,"latest_ack_timestamp":1234,"end_to_end_duration":56,
           "state_size":789}},
         "history":[
           {"id":9,"status":"FAILED","trigger_timestamp":1300,"latest_ack_timestamp":-1,
            "end_to_end_duration":600,"state_size":0,"is_savepoint":false},
           {"id":8,"status":"COMPLETED","trigger_timestamp":1178,"latest_ack_timestamp":1234,
            "end_to_end_duration":56,"state_size":789,"is_savepoint":true}]}
        """);
    answers.put("/jobs/j1/metrics?get=numRestarts", "[{\"id\":\"numRestarts\",\"value\":\"3\"}]");
    answers.put("/jobs/j1/vertices/v0/subtasks/metrics", "[{\"id\":\"numBytesOut\"}]");
    answers.put(
        "/jobs/j1/vertices/v1/subtasks/metrics",
        """
        [{"id":"Source__telemetry.pendingRecords"},{"id":"match.lateEvents"},
         {"id":"match.rule.a,b.ruleAlerts"},{"id":"match.events"},{"id":"busyTimeMsPerSecond"},
         {"id":"alerts_to_ClickHouse__Writer.rowsRefused"},
         {"id":"events_to_ClickHouse__Writer.rowsRefused"}]
        """);
    answers.put(
        "/jobs/j1/vertices/v1/subtasks/metrics?agg=sum&get=Source__telemetry.pendingRecords,"
            + "match.lateEvents,match.events,alerts_to_ClickHouse__Writer.rowsRefused,"
            + "events_to_ClickHouse__Writer.rowsRefused",
        """
        [{"id":"Source__telemetry.pendingRecords","sum":42.0},{"id":"match.lateEvents","sum":7.0},
         {"id":"match.events","sum":1000000.0},
         {"id":"alerts_to_ClickHouse__Writer.rowsRefused","sum":1.0},
         {"id":"events_to_ClickHouse__Writer.rowsRefused","sum":2.0}]
        """);
    answers.put(
        "/jobs/j1/vertices/v1/subtasks/metrics?agg=max&get=busyTimeMsPerSecond",
        "[{\"id\":\"busyTimeMsPerSecond\",\"max\":412.0}]");

    FlinkReading reading = probe.read();
    assertThat(reading.state()).isEqualTo("RUNNING");
    assertThat(reading.startedMs()).isEqualTo(5);
    assertThat(reading.restarts()).isEqualTo(3);
    assertThat(reading.pending()).hasValue(42);
    assertThat(reading.figures())
        .containsOnly(
            entry(JobFigure.PENDING, 42L),
            entry(JobFigure.LATE, 7L),
            entry(JobFigure.MATCHED, 1_000_000L),
            entry(JobFigure.ROWS_REFUSED, 3L));
    assertThat(reading.busyShare()).hasValue(0.412);
    assertThat(reading.checkpoints()).hasSize(2);
    assertThat(reading.checkpoints().get(0).getStatus()).isEqualTo("failed");
    assertThat(reading.checkpoints().get(0).getCompletedMs()).isZero();
    assertThat(reading.checkpoints().get(1).getSavepoint()).isTrue();
    assertThat(reading.checkpoints().get(1).getTriggeredMs()).isEqualTo(1178);
    assertThat(reading.checkpoint().orElseThrow().getId()).isEqualTo(8);
    assertThat(reading.checkpoint().orElseThrow().getDurationMs()).isEqualTo(56);
    assertThat(reading.checkpoint().orElseThrow().getFailedCount()).isEqualTo(1);
  }

  @Test
  void aJobThatHasJustBegunHasNothingToReport() throws Exception {
    answers.put(
        "/jobs/overview",
        "{\"jobs\":[{\"jid\":\"j\",\"name\":\"tidewatch-detection\",\"state\":\"CREATED\","
            + "\"start-time\":5,\"end-time\":-1}]}");
    answers.put("/jobs/j", "{\"vertices\":[{\"id\":\"v\"}]}");
    answers.put(
        "/jobs/j/checkpoints", "{\"counts\":{\"failed\":0},\"latest\":{\"completed\":null}}");
    answers.put("/jobs/j/metrics?get=numRestarts", "[]");
    answers.put("/jobs/j/vertices/v/subtasks/metrics", "[]");

    FlinkReading reading = probe.read();
    assertThat(reading.state()).isEqualTo("CREATED");
    assertThat(reading.checkpoint()).isEmpty();
    assertThat(reading.pending()).isEmpty();
  }

  @Test
  void withoutTheJobThereIsNone() throws Exception {
    answers.put("/jobs/overview", "{\"jobs\":[]}");
    assertThat(probe.read()).isEqualTo(FlinkReading.NO_JOB);
  }

  @Test
  void whatIsNoFlinkIsAFailure() {
    assertThatThrownBy(probe::read)
        .isInstanceOf(ProbeFailedException.class)
        .hasMessage("Flink's REST API does not answer");
    answers.put("/jobs/overview", "<html>");
    assertThatThrownBy(probe::read).isInstanceOf(ProbeFailedException.class);
  }
}
