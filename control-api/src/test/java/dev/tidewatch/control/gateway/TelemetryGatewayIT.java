package dev.tidewatch.control.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.ClientFactory;
import dev.tidewatch.control.gateway.agent.StreamTimeouts;
import dev.tidewatch.control.gateway.ingest.GatewayLimits;
import dev.tidewatch.control.gateway.ingest.Quota;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.ingest.v1.Acknowledgement;
import dev.tidewatch.ingest.v1.AgentEvent;
import dev.tidewatch.ingest.v1.AgentMessage;
import dev.tidewatch.ingest.v1.Batch;
import dev.tidewatch.ingest.v1.Codec;
import dev.tidewatch.ingest.v1.CompressedBlock;
import dev.tidewatch.ingest.v1.EventBlock;
import dev.tidewatch.ingest.v1.GatewayMessage;
import dev.tidewatch.ingest.v1.Heartbeat;
import dev.tidewatch.ingest.v1.Refusal;
import dev.tidewatch.ingest.v1.RefusalReason;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Agents' streams against a real Kafka, over mutual TLS. Every test has a tenant of its own. */
class TelemetryGatewayIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @TempDir static Path directory;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    KAFKA.kafka().createTopic(Topics.TELEMETRY, 1);
    gateway = Gateway.start(options(directory.resolve("gateway")).build());
  }

  private static GatewayOptions.Builder options(Path directory) {
    return GatewayOptions.builder(directory, KAFKA.bootstrapServers())
        .limits(limits(1 << 20, 4 << 20))
        .quotas(
            tenant ->
                tenant.startsWith("small")
                    ? new Quota(100, 0, Duration.ofSeconds(1))
                    : Quota.UNLIMITED)
        .timeouts(timeouts(Duration.ofSeconds(30)));
  }

  /** Short only where a test waits for it: a loaded machine takes seconds for a handshake. */
  private static StreamTimeouts timeouts(Duration hello) {
    return new StreamTimeouts(
        hello,
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(20),
        Duration.ofSeconds(3),
        Duration.ofMillis(200));
  }

  private static GatewayLimits limits(int window, int block) {
    GatewayLimits usual = GatewayLimits.DEFAULT;
    return new GatewayLimits(
        1 << 20,
        block,
        usual.maxBlockEvents(),
        usual.maxPayloadBytes(),
        usual.maxCompressionRatio(),
        usual.maxHeaderBytes(),
        usual.maxJsonDepth(),
        usual.maxSyslogBytes(),
        usual.maxConnections(),
        usual.maxConnectionsPerAddress(),
        usual.maxHandshakesPerAddress(),
        usual.maxStreamsPerAddress(),
        usual.maxStreamsPerConnection(),
        usual.inFlightBytes(),
        window);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static List<String> sent(String tenant) {
    return Telemetry.payloads(KAFKA.bootstrapServers(), tenant);
  }

  @Test
  void batchesAreAcknowledgedOnceKafkaHasThemUnderTheCertificatesTenant() throws Exception {
    try (TestAgent agent = TestAgent.enroll(gateway, "acme")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      assertThat(line.welcome.getAcknowledgedSequence()).isZero();
      assertThat(line.welcome.getLimits().getMaxPayloadBytes()).isEqualTo(1 << 20);
      EventBlock block =
          EventBlock.newBuilder()
              .addEvents(TestAgent.event("b"))
              .addEvents(TestAgent.event("c").toBuilder().setHost("db-1"))
              .build();
      line.send(TestAgent.batch(1, TestAgent.event("a")));
      line.send(Batch.newBuilder().setSequence(2).setCompressed(zstd(block.toByteArray())).build());
      line.send(
          Batch.newBuilder()
              .setSequence(3)
              .setCompressed(
                  gzip(
                      EventBlock.newBuilder()
                          .addEvents(TestAgent.event("d"))
                          .build()
                          .toByteArray()))
              .build());
      Acknowledgement acknowledged = line.acknowledged(3);
      assertThat(acknowledged.getRefusalsList()).isEmpty();

      List<TelemetryEvent> events = Telemetry.of(KAFKA.bootstrapServers(), "acme");
      assertThat(events)
          .extracting(event -> event.getPayload().toStringUtf8())
          .containsExactly(
              "{\"message\":\"a\"}",
              "{\"message\":\"b\"}",
              "{\"message\":\"c\"}",
              "{\"message\":\"d\"}");
      assertThat(events)
          .extracting(TelemetryEvent::getHost)
          .containsExactly("web-1", "web-1", "db-1", "web-1");
      assertThat(events.get(1).getEventId()).isEqualTo(block.getEvents(0).getEventId());
      assertThat(events.get(0).getOrigin())
          .isEqualTo("agent:" + agent.enrollment.getAgentId() + "/test");
      assertThat(events.get(0).getIngestTimeUs()).isPositive();
    }
  }

  @Test
  void whatWasAcknowledgedIsNotTakenTwiceOnThisStreamOrTheNext() {
    try (TestAgent agent = TestAgent.enroll(gateway, "dup")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      Batch first = TestAgent.batch(1, TestAgent.event("one"));
      line.send(first);
      line.send(first);
      line.send(TestAgent.batch(2, TestAgent.event("two")));
      line.acknowledged(2);

      TestAgent.Line again = agent.connect((byte) 1, 0);
      assertThat(again.welcome.getAcknowledgedSequence()).isEqualTo(2);
      assertThat(line.ended().getCode()).isEqualTo(Status.Code.ABORTED);
      again.send(first);
      again.acknowledged(2);
      again.send(TestAgent.batch(5, TestAgent.event("five, after a gap")));
      again.acknowledged(5);
      // Another spool counts from the beginning.
      TestAgent.Line other = agent.connect((byte) 2, 0);
      assertThat(other.welcome.getAcknowledgedSequence()).isZero();
      other.send(TestAgent.batch(1, TestAgent.event("other")));
      other.acknowledged(1);
      assertThat(sent("dup")).hasSize(4).doesNotHaveDuplicates();
    }
  }

  @Test
  void aNewGatewayGoesOnFromWhereTheAgentWasAcknowledged() throws Exception {
    Path own = directory.resolve("restarted");
    TestAgent agent;
    try (Gateway before = Gateway.start(options(own).build())) {
      agent = TestAgent.enroll(before, "restart");
      TestAgent.Line line = agent.connect((byte) 1, 0);
      line.send(TestAgent.batch(1, TestAgent.event("before")));
      line.acknowledged(1);
      before.close();
      assertThat(line.ended().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
    // The same port is not needed: the certificate is, and the CA that is still there.
    try (Gateway after = Gateway.start(options(own).build());
        ClientFactory factory = TestAgent.factory(agent)) {
      TestAgent.Line line = on(after, agent, factory);
      line.hello((byte) 1, 1);
      assertThat(line.next().getWelcome().getAcknowledgedSequence()).isEqualTo(1);
      line.send(TestAgent.batch(2, TestAgent.event("after")));
      line.acknowledged(2);
    }
    assertThat(sent("restart"))
        .containsExactly("{\"message\":\"before\"}", "{\"message\":\"after\"}");
    agent.close();
  }

  private static TestAgent.Line on(Gateway other, TestAgent agent, ClientFactory factory) {
    return agent.open(other.port(), factory);
  }

  @Test
  void aBrokerThatGoesAwayInMidStreamCostsNoAcknowledgedEvent() {
    try (TestAgent agent = TestAgent.enroll(gateway, "broker")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      List<Batch> batches = new ArrayList<>();
      for (int i = 1; i <= 60; i++) {
        batches.add(TestAgent.batch(i, TestAgent.event("n" + i)));
      }
      for (int i = 0; i < 20; i++) {
        line.send(batches.get(i));
      }
      line.acknowledged(20);
      KAFKA.kafka().stop();
      for (int i = 20; i < 40; i++) {
        line.send(batches.get(i));
      }
      KAFKA.kafka().start();
      for (int i = 40; i < 60; i++) {
        line.send(batches.get(i));
      }
      line.acknowledged(60);
      List<String> expected = new ArrayList<>();
      for (int i = 1; i <= 60; i++) {
        expected.add("{\"message\":\"n" + i + "\"}");
      }
      assertThat(sent("broker")).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void aBrokerThatStaysAwayEndsTheStreamAndNothingUnacknowledgedIsForgotten() {
    Path own = directory.resolve("impatient");
    try (Gateway impatient =
            Gateway.start(options(own).deliveryTimeout(Duration.ofSeconds(1)).build());
        TestAgent agent = TestAgent.enroll(impatient, "outage")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      line.send(TestAgent.batch(1, TestAgent.event("one")));
      line.acknowledged(1);
      KAFKA.kafka().stop();
      try {
        line.send(TestAgent.batch(2, TestAgent.event("two")));
        assertThat(line.ended().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      } finally {
        KAFKA.kafka().start();
      }
      TestAgent.Line again = agent.connect((byte) 1, 1);
      assertThat(again.welcome.getAcknowledgedSequence()).isEqualTo(1);
      again.send(TestAgent.batch(2, TestAgent.event("two")));
      again.acknowledged(2);
      assertThat(sent("outage")).contains("{\"message\":\"one\"}", "{\"message\":\"two\"}");
    }
  }

  @Test
  void eventsThatCannotBeTakenAreRefusedByNameAndTheOthersGoOn() {
    try (TestAgent agent = TestAgent.enroll(gateway, "refused")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      AgentEvent good = TestAgent.event("good");
      line.send(
          TestAgent.batch(
              1,
              good,
              good.toBuilder().setEventId(ByteString.copyFromUtf8("short")).build(),
              good.toBuilder().clearPayload().build()));
      line.send(Batch.newBuilder().setSequence(2).build());
      line.send(
          compressed(
              3,
              Codec.CODEC_ZSTD,
              100,
              "no zstd".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      line.send(compressed(4, Codec.CODEC_ZSTD, 4, Zstd.compress(new byte[] {1, 2, 3})));
      line.send(compressed(5, Codec.CODEC_UNSPECIFIED, 3, new byte[] {1, 2, 3}));
      line.send(compressed(6, Codec.CODEC_ZSTD, 3, Zstd.compress(new byte[] {8, 8, 8})));
      line.send(TestAgent.batch(7, TestAgent.event("last")));
      Acknowledgement acknowledged = line.acknowledged(7);
      assertThat(acknowledged.getRefusalsList())
          .extracting(Refusal::getSequence, Refusal::getEvent, Refusal::getReason)
          .startsWith(
              org.assertj.core.groups.Tuple.tuple(1L, 1, RefusalReason.REFUSAL_REASON_EVENT_ID),
              org.assertj.core.groups.Tuple.tuple(
                  1L, 2, RefusalReason.REFUSAL_REASON_PAYLOAD_EMPTY),
              org.assertj.core.groups.Tuple.tuple(2L, -1, RefusalReason.REFUSAL_REASON_MALFORMED),
              org.assertj.core.groups.Tuple.tuple(3L, -1, RefusalReason.REFUSAL_REASON_MALFORMED),
              org.assertj.core.groups.Tuple.tuple(4L, -1, RefusalReason.REFUSAL_REASON_MALFORMED),
              org.assertj.core.groups.Tuple.tuple(5L, -1, RefusalReason.REFUSAL_REASON_MALFORMED));
      assertThat(sent("refused"))
          .containsExactly("{\"message\":\"good\"}", "{\"message\":\"last\"}");
    }
  }

  @Test
  void bombsAreRefusedBeforeTheyGoOff() throws IOException {
    try (TestAgent agent = TestAgent.enroll(gateway, "bomb")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      byte[] zeros = new byte[64 << 20];
      byte[] zstd = Zstd.compress(zeros, 3);
      byte[] gzip = gzipped(zeros);
      // Honest about its size; lying about it; beyond the ratio though within the size.
      line.send(compressed(1, Codec.CODEC_ZSTD, zeros.length, zstd));
      line.send(compressed(2, Codec.CODEC_ZSTD, 60_000, zstd));
      line.send(compressed(3, Codec.CODEC_GZIP, 60_000, gzip));
      line.send(compressed(4, Codec.CODEC_ZSTD, 1 << 20, Zstd.compress(new byte[1 << 20], 3)));
      line.send(compressed(5, Codec.CODEC_ZSTD, -1, zstd));
      line.send(TestAgent.batch(6, TestAgent.event("alive")));
      // Credit for what was never taken is given back, or the last batch could not have been sent.
      assertThat(line.acknowledged(6).getRefusalsList())
          .extracting(Refusal::getReason)
          .containsExactly(
              RefusalReason.REFUSAL_REASON_TOO_LARGE,
              RefusalReason.REFUSAL_REASON_MALFORMED,
              RefusalReason.REFUSAL_REASON_MALFORMED,
              RefusalReason.REFUSAL_REASON_TOO_LARGE,
              RefusalReason.REFUSAL_REASON_TOO_LARGE);
      assertThat(sent("bomb")).containsExactly("{\"message\":\"alive\"}");
    }
  }

  @Test
  void aMessageBeyondTheLimitEndsTheStream() {
    try (TestAgent agent = TestAgent.enroll(gateway, "oversize")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      line.send(TestAgent.batch(1, TestAgent.event("x".repeat(3 << 20))));
      assertThat(line.ended().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(sent("oversize")).isEmpty();
    }
  }

  @Test
  void theProtocolIsHeld() {
    try (TestAgent agent = TestAgent.enroll(gateway, "protocol")) {
      TestAgent.Line eager = agent.open();
      eager.send(TestAgent.batch(1, TestAgent.event("before hello")));
      assertThat(eager.ended().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);

      TestAgent.Line twice = agent.connect((byte) 1, 0);
      twice.hello((byte) 1, 0);
      assertThat(twice.ended().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);

      TestAgent.Line empty = agent.connect((byte) 1, 0);
      empty.send(AgentMessage.getDefaultInstance());
      assertThat(empty.ended().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(sent("protocol")).isEmpty();
    }
  }

  @Test
  void whoSaysNothingIsNotWaitedFor() {
    try (Gateway brisk =
            Gateway.start(
                options(directory.resolve("brisk"))
                    .timeouts(timeouts(Duration.ofMillis(300)))
                    .build());
        TestAgent agent = TestAgent.enroll(brisk, "silent")) {
      assertThat(agent.open().ended().getDescription()).contains("hello");
      assertThat(sent("silent")).isEmpty();
    }
  }

  @Test
  void whoSendsWithoutCreditIsCutOff() {
    Path own = directory.resolve("narrow");
    try (Gateway narrow =
            Gateway.start(
                options(own)
                    .limits(limits(64 << 10, 1 << 20))
                    .quotas(t -> new Quota(1, 0, Duration.ofSeconds(1)))
                    .build());
        TestAgent agent = TestAgent.enroll(narrow, "greedy")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      assertThat(line.welcome.getGrantedBytes()).isEqualTo(64 << 10);
      AgentEvent large = TestAgent.event("y".repeat(30_000));
      for (int i = 1; i <= 4; i++) {
        line.send(TestAgent.batch(i, large, large));
      }
      assertThat(line.ended().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(sent("greedy")).hasSizeLessThanOrEqualTo(4);
    }
  }

  @Test
  void aQuotaHoldsCreditBackUntilTheDebtIsPaid() {
    try (TestAgent agent = TestAgent.enroll(gateway, "small-1")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      AgentEvent[] events = new AgentEvent[300];
      for (int i = 0; i < events.length; i++) {
        events[i] = TestAgent.event("q" + i);
      }
      long start = System.nanoTime();
      line.send(TestAgent.batch(1, events));
      GatewayMessage message = line.next();
      assertThat(message.getAcknowledgement().getSequence()).isEqualTo(1);
      // 300 events at 100/s with a burst of one second: two seconds of debt.
      GatewayMessage credit = line.next();
      assertThat(credit.getCredit().getGrantedBytes())
          .isGreaterThan(line.welcome.getGrantedBytes());
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThan(Duration.ofMillis(1_500));
      assertThat(metric("tidewatch_gateway_over_quota_total", "small-1")).isEqualTo(1);
      assertThat(metric("tidewatch_gateway_events_total", "small-1")).isEqualTo(300);
    }
  }

  private static double metric(String name, String tenant) {
    String page =
        com.linecorp.armeria.client.WebClient.of("http://127.0.0.1:" + gateway.localPort())
            .blocking()
            .get("/metrics")
            .contentUtf8();
    return page.lines()
        .filter(line -> line.startsWith(name + "{") && line.contains("\"" + tenant + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void anAgentThatDoesNotReadCostsNoMemoryAndIsCutOff() {
    try (TestAgent agent = TestAgent.enroll(gateway, "slow");
        ClientFactory factory = TestAgent.factory(agent)) {
      TestAgent.Line line = new TestAgent.Line(false);
      agent.open(factory, line);
      line.hello((byte) 1, 0);
      AgentEvent bad = TestAgent.event("z").toBuilder().clearPayload().build();
      AgentEvent[] many = new AgentEvent[5_000];
      java.util.Arrays.fill(many, bad);
      Thread sender =
          new Thread(
              () -> {
                for (int i = 1; i < 200 && !line.end.isDone(); i++) {
                  line.send(TestAgent.batch(i, many));
                }
              });
      sender.start();
      await().atMost(60, TimeUnit.SECONDS).until(() -> connected(agent) == 1);
      await().atMost(60, TimeUnit.SECONDS).until(() -> connected(agent) == 0);
      sender.interrupt();
    }
  }

  private static int connected(TestAgent agent) {
    return gateway.administration().isConnected(agent.enrollment.getAgentId()) ? 1 : 0;
  }

  @Test
  void fuzzedMessagesNeverHurtAnybodyElse() {
    Random random = new Random(42);
    try (TestAgent hostile = TestAgent.enroll(gateway, "fuzz");
        TestAgent bystander = TestAgent.enroll(gateway, "bystander");
        ClientFactory factory = TestAgent.factory(hostile)) {
      TestAgent.Line calm = bystander.connect((byte) 1, 0);
      byte[] valid =
          AgentMessage.newBuilder()
              .setBatch(
                  Batch.newBuilder()
                      .setSequence(1)
                      .setCompressed(
                          zstd(
                              EventBlock.newBuilder()
                                  .addEvents(TestAgent.event("v"))
                                  .build()
                                  .toByteArray())))
              .build()
              .toByteArray();
      for (int round = 0; round < 150; round++) {
        byte[] mutated = valid.clone();
        for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
          mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
        }
        AgentMessage message;
        try {
          message = AgentMessage.parseFrom(mutated);
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
          continue;
        }
        TestAgent.Line line = hostile.open(factory);
        line.hello((byte) (round & 3), 0);
        line.next();
        line.send(message);
        line.send(AgentMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build());
        line.gateway.onCompleted();
        line.ended();
      }
      calm.send(TestAgent.batch(1, TestAgent.event("still here")));
      calm.acknowledged(1);
      assertThat(sent("bystander")).containsExactly("{\"message\":\"still here\"}");
    }
  }

  private static CompressedBlock zstd(byte[] block) {
    return CompressedBlock.newBuilder()
        .setCodec(Codec.CODEC_ZSTD)
        .setUncompressedBytes(block.length)
        .setData(ByteString.copyFrom(Zstd.compress(block)))
        .build();
  }

  private static CompressedBlock gzip(byte[] block) throws IOException {
    return CompressedBlock.newBuilder()
        .setCodec(Codec.CODEC_GZIP)
        .setUncompressedBytes(block.length)
        .setData(ByteString.copyFrom(gzipped(block)))
        .build();
  }

  private static byte[] gzipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static Batch compressed(long sequence, Codec codec, int announced, byte[] data) {
    return Batch.newBuilder()
        .setSequence(sequence)
        .setCompressed(
            CompressedBlock.newBuilder()
                .setCodec(codec)
                .setUncompressedBytes(announced)
                .setData(ByteString.copyFrom(data)))
        .build();
  }
}
