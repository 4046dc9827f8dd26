package dev.tidewatch.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.jobs.options.DetectionOptions;
import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.remember.BoundedRemember;
import dev.tidewatch.remember.MatchedEvent;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.SigmaCompiler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same events through the running job, shuffled within the lateness, and through the bounded
 * run of {@code tidewatch detect}: the same alerts, ids included.
 */
class RememberIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final String RULES =
      """
      title: Failed Logon
      id: 00000000-0000-4000-8000-000000000101
      name: failed_logon
      status: test
      level: low
      logsource: {product: windows, service: security}
      detection:
        selection: {EventID: 4625}
        condition: selection
      ---
      title: Many Failed Logons
      id: 00000000-0000-4000-8000-000000000102
      name: burst
      status: test
      level: high
      correlation:
        type: event_count
        rules: [failed_logon]
        group-by: [IpAddress]
        timespan: 5s
        condition: {gte: 4}
        generate: true
      ---
      title: Many Users From One Address
      id: 00000000-0000-4000-8000-000000000103
      status: test
      level: medium
      correlation:
        type: value_count
        rules: [failed_logon]
        group-by: [IpAddress]
        timespan: 8s
        condition: {gte: 4, field: TargetUserName}
      ---
      title: Bursts Again And Again
      id: 00000000-0000-4000-8000-000000000104
      status: test
      level: critical
      correlation:
        type: event_count
        rules: [burst]
        group-by: [IpAddress]
        timespan: 5m
        condition: {gte: 2}
        generate: true
      """;

  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();
  @TempDir Path checkpoints;
  @TempDir Path rules;
  private LocalCluster cluster;
  private Pipeline pipeline;
  private DetectionOptions options;

  @BeforeEach
  void prepare() throws Exception {
    Files.writeString(rules.resolve("rules.yml"), RULES);
    pipeline = new Pipeline(KAFKA.bootstrapServers(), CLICKHOUSE.url());
    options =
        pipeline
            .options()
            .with(DetectionOptions.RULE_PATHS, List.of(rules.toString()))
            .with(DetectionOptions.OUT_OF_ORDERNESS, Duration.ofSeconds(3))
            .with(DetectionOptions.IDLE_ADVANCE, Duration.ZERO);
  }

  private void start() throws Exception {
    cluster = LocalCluster.start(new Configuration(), checkpoints, 0, 2);
    cluster.submit(options);
  }

  @AfterEach
  void stop() {
    cluster.close();
    pipeline.close();
  }

  /** Sorted by time. */
  private static List<TelemetryEvent> logons(long seed, int count) {
    Random random = new Random(seed);
    List<Integer> times = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      times.add(random.nextInt(240_000));
    }
    return times.stream()
        .sorted()
        .map(
            millis ->
                logon(
                    "dc" + random.nextInt(8),
                    millis,
                    "10.0.0." + random.nextInt(4),
                    "user" + random.nextInt(6)))
        .toList();
  }

  private static TelemetryEvent logon(String host, long millis, String address, String user) {
    String payload =
        """
        {"Channel":"Security","EventID":4625,"Hostname":"%s","@timestamp":"%s",\
        "IpAddress":"%s","TargetUserName":"%s"}"""
            .formatted(host, TestTelemetry.START.plusMillis(millis), address, user);
    return TestTelemetry.envelope(host, payload).build();
  }

  private static List<TelemetryEvent> shuffledWithin(
      List<TelemetryEvent> events, Duration lateness) {
    Random random = new Random(events.size());
    record Delayed(TelemetryEvent event, long at) {}
    return events.stream()
        .map(e -> new Delayed(e, micros(e) + random.nextInt((int) lateness.toMillis()) * 1_000L))
        .sorted(Comparator.comparingLong(Delayed::at))
        .map(Delayed::event)
        .toList();
  }

  private static long micros(TelemetryEvent event) {
    try {
      return EventDocument.parse(event).timeMicros();
    } catch (dev.tidewatch.events.MalformedEventException e) {
      throw new AssertionError(e);
    }
  }

  /** Events that move time on in all partitions, and fire nothing. */
  private void timePasses() {
    for (int i = 0; i < 40; i++) {
      pipeline.send(TestTelemetry.process("ws" + i, 3_600, "C:\\\\idle.exe", "idle " + i));
    }
  }

  /** Alert id to rule and count, by the bounded run. */
  private Map<String, String> expected(List<TelemetryEvent> events) throws Exception {
    SigmaCompiler.Compilation compilation =
        new SigmaCompiler().compile(RuleDirectory.read(List.of(rules)));
    assertThat(compilation.diagnostics()).isEmpty();
    ExhaustiveMatcher matcher = new ExhaustiveMatcher(compilation.matched());
    BoundedRemember remember = new BoundedRemember(compilation.stateful());
    for (TelemetryEvent event : events) {
      EventDocument document = EventDocument.parse(event);
      UUID id = EventIds.uuid(event.getEventId());
      MatchedEvent matched =
          new MatchedEvent(
              event.getTenantId(),
              document,
              document.timeMicros(),
              id.getMostSignificantBits(),
              id.getLeastSignificantBits());
      for (RuleMatch match : matcher.match(document)) {
        remember.fired(match.rule().id(), matched);
      }
    }
    Map<String, String> expected = new TreeMap<>();
    for (BoundedRemember.FoundEpisode found : remember.finish()) {
      if (!compilation.silent().contains(found.rule().id())) {
        var episode = found.episode();
        expected.put(
            found.alertId().toString(),
            line(
                found.rule().id(),
                episode.count(),
                episode.firstMicros(),
                episode.openMicros(),
                episode.lastMicros()));
      }
    }
    return expected;
  }

  private static String line(String rule, long count, long first, long opened, long last) {
    return "%s ×%d %d %d %d".formatted(rule, count, first, opened, last);
  }

  /** The last word on each alert in the topic. */
  private Map<String, String> inKafka() {
    Map<String, Alert> newest = new TreeMap<>();
    for (Alert alert : pipeline.committedAlerts()) {
      newest.merge(alert.getAlertId(), alert, (a, b) -> b.getCount() >= a.getCount() ? b : a);
    }
    Map<String, String> ended = new TreeMap<>();
    newest.forEach(
        (id, a) ->
            ended.put(
                id,
                line(
                    a.getRuleId(),
                    a.getCount(),
                    a.getFirstSeenUs(),
                    a.getTimeUs(),
                    a.getLastSeenUs())));
    ended.values().removeIf(line -> line.startsWith("00000000-0000-4000-8000-000000000101"));
    return ended;
  }

  private Map<String, String> inClickHouse() throws Exception {
    Map<String, String> ended = new TreeMap<>();
    String rows =
        pipeline.text(
            "SELECT alert_id, rule_id, count, toUnixTimestamp64Micro(first_seen),"
                + " toUnixTimestamp64Micro(time), toUnixTimestamp64Micro(last_seen)"
                + " FROM alerts FINAL WHERE rule_id != '00000000-0000-4000-8000-000000000101'");
    rows.lines()
        .filter(row -> !row.isBlank())
        .map(row -> row.split("\t", -1))
        .forEach(
            row ->
                ended.put(
                    row[0],
                    line(
                        row[1],
                        Long.parseLong(row[2]),
                        Long.parseLong(row[3]),
                        Long.parseLong(row[4]),
                        Long.parseLong(row[5]))));
    return ended;
  }

  private void assertSame(Map<String, String> expected) throws Exception {
    await().atMost(PATIENCE).until(() -> inKafka().equals(expected));
    await().atMost(PATIENCE).until(() -> inClickHouse().equals(expected));
    assertThat(pipeline.lateMatches()).isEmpty();
  }

  @Test
  void liveAndBoundedGiveTheSameAlerts() throws Exception {
    List<TelemetryEvent> events = logons(1, 900);
    Map<String, String> expected = expected(events);
    assertThat(expected.values())
        .as("each rule has something to say")
        .anyMatch(line -> line.contains("0102 "))
        .anyMatch(line -> line.contains("0103 "))
        .anyMatch(line -> line.contains("0104 "));

    start();
    shuffledWithin(events, Duration.ofSeconds(2)).forEach(pipeline::send);
    timePasses();
    pipeline.awaitSent();

    assertSame(expected);
    assertThat(pipeline.committedAlerts())
        .filteredOn(a -> a.getRuleTitle().equals("Many Failed Logons"))
        .allSatisfy(a -> assertThat(a.getReason()).contains(" by IpAddress=10.0.0."));
  }

  @Test
  void restartsChangeNothing() throws Exception {
    List<TelemetryEvent> events = logons(2, 900);
    List<TelemetryEvent> sent = shuffledWithin(events, Duration.ofSeconds(2));
    Random random = new Random(3);
    start();
    int from = 0;
    while (from < sent.size()) {
      int to = Math.min(sent.size(), from + 150 + random.nextInt(300));
      sent.subList(from, to).forEach(pipeline::send);
      pipeline.awaitSent();
      long seen = random.nextInt(to - from);
      int begun = from;
      await().atMost(PATIENCE).until(() -> pipeline.distinctEvents() >= begun + seen);
      if (random.nextBoolean()) {
        cluster.close();
        start();
      } else {
        cluster.miniCluster().terminateTaskManager(0).get();
        cluster.miniCluster().startTaskManager();
      }
      from = to;
    }
    timePasses();
    pipeline.awaitSent();

    assertSame(expected(events));
  }

  @Test
  void theLastMatchesDoNotWaitForMore() throws Exception {
    options =
        options
            .with(DetectionOptions.IDLE_ADVANCE, Duration.ofSeconds(2))
            .with(DetectionOptions.IDLENESS, Duration.ofSeconds(4));
    List<TelemetryEvent> events = logons(4, 300);
    start();
    events.forEach(pipeline::send);
    pipeline.awaitSent();

    assertSame(expected(events));
  }

  @Test
  void lateMatchesAreKeptAside() throws Exception {
    start();
    timePasses();
    pipeline.awaitSent();
    await().atMost(PATIENCE).until(() -> pipeline.distinctEvents() == 40);
    // Until the watermark has come, nothing is late.
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              pipeline.send(logon("dc1", 0, "10.0.0.1", "ann"));
              pipeline.awaitSent();
              return !pipeline.lateMatches().isEmpty();
            });

    assertThat(pipeline.lateMatches())
        .allSatisfy(
            record ->
                assertThat(new String(record, UTF_8))
                    .contains("\"tenant_id\":\"acme\"", "\"group\":[\"10.0.0.1\"]"));
  }
}
