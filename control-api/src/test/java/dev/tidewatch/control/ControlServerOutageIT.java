package dev.tidewatch.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.JsonFormat;
import dev.tidewatch.control.v1.PipelineHealth;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.events.Topics;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.store.ClickHouseEndpoint;
import dev.tidewatch.store.ClickHouseStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real ClickHouse and Kafka that go away and come back under a running control API. */
class ControlServerOutageIT {
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Compilation NO_RULES = new SigmaCompiler().compile(List.of());

  private static ClickHouseStore store;
  private static ControlServer server;

  @BeforeAll
  static void start() {
    KAFKA.kafka().createTopic(Topics.TELEMETRY, 2);
    store = ClickHouseStore.connect(ClickHouseEndpoint.of(CLICKHOUSE.url()));
    store.migrate();
    server =
        ControlServer.start(
            ControlOptions.builder(
                    ClickHouseEndpoint.of(CLICKHOUSE.url()),
                    KAFKA.bootstrapServers(),
                    () -> NO_RULES)
                .access(AccessOptions.open())
                .sampleInterval(Duration.ofMillis(200))
                .build());
  }

  @AfterAll
  static void stop() {
    server.close();
    store.close();
  }

  @Test
  void aStreamOutlivesAnOutageOfTheStoreAndNothingIsLost() throws Exception {
    String tenant = "outage";
    String url = url("/v1/tenants/" + tenant + "/alerts:stream");
    try (EventStreamClient client = new EventStreamClient(url, "")) {
      client.next();
      List<String> before = write(tenant, 0, 3);
      assertThat(client.alertIds(3)).containsExactlyInAnyOrderElementsOf(before);

      CLICKHOUSE.clickHouse().kill();
      HttpResponse<String> away = get("/v1/tenants/" + tenant + "/alerts");
      assertThat(away.statusCode()).as(away.body()).isEqualTo(503);
      assertThat(away.headers().firstValue("retry-after")).isPresent();
      eventually(() -> assertThat(get("/readyz").statusCode()).isEqualTo(503));
      eventually(() -> assertThat(component("clickhouse")).isEqualTo("STATUS_DOWN"));
      assertThat(get("/healthz").statusCode()).isEqualTo(200);

      CLICKHOUSE.clickHouse().start();
      List<String> after = write(tenant, 3, 8);
      assertThat(client.alertIds(5)).containsExactlyInAnyOrderElementsOf(after);
      eventually(() -> assertThat(get("/readyz").statusCode()).isEqualTo(200));
      assertThat(get("/v1/tenants/" + tenant + "/alerts").body()).contains("\"total\":\"8\"");
    }
  }

  @Test
  void lagIsWhatTheGroupHasNotCommitted() throws Exception {
    produce(100);
    eventually(() -> assertThat(component("kafka")).isEqualTo("STATUS_OK"));
    commit(0, 30);
    commit(1, 30);
    eventually(() -> assertThat(health().getConsumerLagRecords()).isEqualTo(40));
    produce(20);
    eventually(() -> assertThat(health().getConsumerLagRecords()).isEqualTo(60));
    assertThat(get("/metrics").body()).contains("tidewatch_pipeline_consumer_lag_records 60.0");
    assertThat(health().getSamplesList())
        .anyMatch(sample -> sample.hasEventsInPerSecond() && sample.getEventsInPerSecond() > 0);

    KAFKA.kafka().stop();
    eventually(() -> assertThat(component("kafka")).isEqualTo("STATUS_DOWN"));
    assertThat(health().getStatus()).isEqualTo(PipelineHealth.Status.STATUS_DOWN);
    KAFKA.kafka().start();
    eventually(() -> assertThat(component("kafka")).isEqualTo("STATUS_OK"));
  }

  private static List<String> write(String tenant, int from, int to) {
    var alerts = IntStream.range(from, to).mapToObj(n -> SampleAlerts.alert(tenant, n)).toList();
    store.alertWriter().write(alerts);
    return alerts.stream().map(alert -> alert.getAlertId()).toList();
  }

  /** Half into each of the two partitions. */
  private static void produce(int records) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", KAFKA.bootstrapServers());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int n = 0; n < records; n++) {
        producer.send(new ProducerRecord<>(Topics.TELEMETRY, n % 2, new byte[0], new byte[1]));
      }
    }
  }

  private static void commit(int partition, long offset) throws Exception {
    try (var admin = KAFKA.kafka().admin()) {
      admin
          .alterConsumerGroupOffsets(
              "tidewatch-detection",
              Map.of(
                  new TopicPartition(Topics.TELEMETRY, partition), new OffsetAndMetadata(offset)))
          .all()
          .get();
    }
  }

  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(Duration.ofSeconds(30)).untilAsserted(assertion);
  }

  private static String component(String name) throws Exception {
    return health().getComponentsList().stream()
        .filter(component -> component.getName().equals(name))
        .map(component -> component.getStatus().name())
        .findFirst()
        .orElse("");
  }

  private static PipelineHealth health() throws Exception {
    PipelineHealth.Builder health = PipelineHealth.newBuilder();
    JsonFormat.parser().merge(get("/v1/pipeline/health").body(), health);
    return health.build();
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(url(path))).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }
}
