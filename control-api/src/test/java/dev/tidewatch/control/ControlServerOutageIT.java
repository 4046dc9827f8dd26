package dev.tidewatch.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.JsonFormat;
import dev.tidewatch.control.v1.PipelineHealth;
import dev.tidewatch.control.v1.RuleSetStatus;
import dev.tidewatch.deploy.RuleTopic;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.RuleRevision;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.store.ClickHouseEndpoint;
import dev.tidewatch.store.ClickHouseStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
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
      eventually(
          () ->
              assertThat(get("/v1/tenants/" + tenant + "/alerts").body())
                  .contains("\"total\":\"8\""));
    }
  }

  /** What a deployment is made of, from its draft to its end: method, path, body. */
  private static final List<List<String>> STEPS =
      List.of(
          List.of(
              "POST", "/ruleversions", "{\"file\":\"r.yml\",\"source\":\"<2>\",\"baseVersion\":1}"),
          List.of("POST", "/rules/<id>:stage", "{\"stage\":\"RULE_STAGE_SHADOW\"}"),
          List.of("POST", "/rules/<id>:stage", "{\"stage\":\"RULE_STAGE_LIVE\"}"),
          List.of("POST", "/rules/<id>:rollback", "{}"),
          List.of("POST", "/rules/<id>:retire", "{}"));

  @Test
  void aDeployGoesOnWithoutClickHouseAndItsFiguresComeBack() throws Exception {
    deployWithout("deploys", List.of(STEPS), Duration.ZERO);
  }

  @Test
  @EnabledIfSystemProperty(named = "tidewatch.nightly", matches = "true")
  void aMinuteWithoutClickHouseAtEachStepOfADeployLosesNothing() throws Exception {
    deployWithout("slowly", STEPS.stream().map(List::of).toList(), Duration.ofMinutes(1));
  }

  /**
   * @param outages the steps that fall into each
   * @param length of an outage behind its steps
   */
  private void deployWithout(String tenant, List<List<List<String>>> outages, Duration length)
      throws Exception {
    String rule = UUID.randomUUID().toString();
    step(
        tenant,
        rule,
        List.of("POST", "/rules:deploy", "{\"files\":[{\"file\":\"r.yml\",\"text\":\"<1>\"}]}"));
    write(tenant, 0, 2);
    eventually(() -> assertThat(status(tenant, rule).getRulesCount()).isEqualTo(1));
    long first = status(tenant, rule).getRevision();
    long revision = first;
    for (List<List<String>> steps : outages) {
      CLICKHOUSE.clickHouse().kill();
      try {
        for (List<String> step : steps) {
          assertThat(step(tenant, rule, step)).as("%s", step).isEqualTo(++revision);
          requireRest(tenant, rule, revision);
        }
        await().pollDelay(length).atMost(length.plusSeconds(30)).until(() -> true);
        requireRest(tenant, rule, revision);
      } finally {
        CLICKHOUSE.clickHouse().start();
      }
      eventually(
          () ->
              assertThat(get("/v1/tenants/" + tenant + "/alerts").body())
                  .contains("\"total\":\"2\""));
    }
    assertThat(revisions().stream().filter(number -> number >= first).toList())
        .as("each once and in order")
        .isEqualTo(LongStream.rangeClosed(first, revision).boxed().toList());
    assertThat(status(tenant, rule).getRules(0).getStage()).isEqualTo(RuleStage.RULE_STAGE_RETIRED);
  }

  /** Rules and their status do not need ClickHouse; counts are left out, and alerts say why. */
  private static void requireRest(String tenant, String rule, long revision) throws Exception {
    eventually(() -> assertThat(status(tenant, rule).getRevision()).isEqualTo(revision));
    HttpResponse<String> figures = get("/v1/tenants/" + tenant + "/rulefigures");
    assertThat(figures.statusCode()).as(figures.body()).isEqualTo(200);
    assertThat(figures.body()).doesNotContain("alerts24");
    HttpResponse<String> alerts = get("/v1/tenants/" + tenant + "/alerts");
    assertThat(alerts.statusCode()).isEqualTo(503);
    assertThat(alerts.body()).contains("UNAVAILABLE", "the event store does not answer");
    assertThat(alerts.headers().firstValue("retry-after")).isPresent();
  }

  private static RuleSetStatus status(String tenant, String rule) throws Exception {
    return GuardedServer.read(
        get("/v1/tenants/" + tenant + "/rulestatus/" + rule), RuleSetStatus.getDefaultInstance());
  }

  /** The revision in force with the step. */
  private static long step(String tenant, String rule, List<String> step) throws Exception {
    String text =
        "title: T\\n"
            + "id: %s\\n"
            + "logsource: {product: windows}\\n"
            + "detection: {s: {EventID: %d}, condition: s}\\n";
    String body =
        step.get(2).replace("<1>", text.formatted(rule, 1)).replace("<2>", text.formatted(rule, 2));
    HttpResponse<String> answer =
        HTTP.send(
            HttpRequest.newBuilder(
                    URI.create(url("/v1/tenants/" + tenant + step.get(1).replace("<id>", rule))))
                .header("content-type", "application/json")
                .method(step.get(0), HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as("%s: %s", step, answer.body()).isEqualTo(200);
    return new RuleTopic(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), Topics.RULES)
        .read()
        .revision();
  }

  /** As they stand in the topic. */
  private static List<Long> revisions() throws Exception {
    RuleTopic topic =
        new RuleTopic(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), Topics.RULES);
    List<Long> markers = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = topic.consumer()) {
      long end = consumer.endOffsets(List.of(topic.partition())).get(topic.partition());
      while (consumer.position(topic.partition()) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          if (new String(record.key(), StandardCharsets.UTF_8).equals("r")) {
            markers.add(RuleRevision.parseFrom(record.value()).getRevision());
          }
        }
      }
    }
    return markers;
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
    eventually(
        () ->
            assertThat(get("/metrics").body())
                .contains("tidewatch_pipeline_consumer_lag_records 60.0"));
    eventually(
        () ->
            assertThat(health().getSamplesList())
                .anyMatch(
                    sample -> sample.hasEventsInPerSecond() && sample.getEventsInPerSecond() > 0));

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
    await().atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
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
