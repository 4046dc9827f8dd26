package dev.tidewatch.benchmarks.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.tidewatch.embedded.ClickHouseOptions;
import dev.tidewatch.embedded.EmbeddedClickHouse;
import dev.tidewatch.embedded.EmbeddedKafka;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.ingest.v1.AgentEvent;
import dev.tidewatch.jobs.LocalCluster;
import dev.tidewatch.jobs.options.DetectionOptions;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;

/**
 * From the moment an event is handed to an agent until its alert is visible in ClickHouse: agents
 * over mutual TLS, a gateway in its own process, Kafka, the detection job, ClickHouse in its own
 * process. One event in {@link #ALERTING} raises an alert of a rule that is there beside all
 * others.
 */
public final class AlertLatencyBenchmark {
  private static final int ALERTING = 20;
  private static final int AGENTS = 10;
  private static final String RULE = "7e0b5d3c-6a0e-4a57-9f43-0d5a3c1b9e11";
  private static final String MARKER = "tidewatch-latency-marker";
  private static final Duration DRAIN = Duration.ofSeconds(30);
  private final Settings settings;
  private final Consumer<String> progress;

  /**
   * @param rate events a second, of all agents together
   * @param warmUp sent before what is measured
   * @param measured for how long
   * @param linger how long an agent waits for more events before it sends a batch
   * @param rules of the job, files and directories
   * @param heapMegabytes of the gateway's JVM
   */
  public record Settings(
      int rate,
      Duration warmUp,
      Duration measured,
      Duration linger,
      List<Path> rules,
      int heapMegabytes) {}

  public AlertLatencyBenchmark(Settings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * @param scratch an empty directory
   */
  public ObjectNode run(Path scratch)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Path directory = scratch.resolve("gateway");
    Identities identities = Identities.enroll(directory, AGENTS);
    EventLoopGroup threads = new NioEventLoopGroup(1);
    try (EmbeddedKafka kafka = EmbeddedKafka.start(scratch.resolve("kafka"), 0);
        EmbeddedClickHouse clickHouse =
            EmbeddedClickHouse.start(
                ClickHouseOptions.of(scratch.resolve("clickhouse")).withProgress(progress));
        LocalCluster flink =
            LocalCluster.start(new Configuration(), scratch.resolve("checkpoints"), 0, 1)) {
      progress.accept("starting the detection job");
      flink.submit(job(scratch, kafka, clickHouse));
      awaitRunning(flink);
      try (GatewayProcess gateway =
          GatewayProcess.start(directory, kafka.bootstrapServers(), settings.heapMegabytes())) {
        return measure(gateway, clickHouse, identities, threads);
      }
    } finally {
      threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private DetectionOptions job(Path scratch, EmbeddedKafka kafka, EmbeddedClickHouse clickHouse)
      throws IOException {
    Path marker = Files.createDirectories(scratch.resolve("rules")).resolve("marker.yml");
    Files.writeString(
        marker,
        """
        title: Latency marker
        id: %s
        status: test
        logsource:
          product: windows
          category: process_creation
        detection:
          selection:
            CommandLine|contains: %s
          condition: selection
        level: low
        """
            .formatted(RULE, MARKER));
    List<String> rules = new ArrayList<>(List.of(marker.toString()));
    settings.rules().forEach(path -> rules.add(path.toAbsolutePath().toString()));
    Configuration options = new Configuration();
    options.set(DetectionOptions.BOOTSTRAP_SERVERS, kafka.bootstrapServers());
    options.set(DetectionOptions.CLICKHOUSE_URL, clickHouse.url());
    options.set(DetectionOptions.CLICKHOUSE_USER, clickHouse.user());
    options.set(DetectionOptions.CLICKHOUSE_PASSWORD, clickHouse.password());
    options.set(DetectionOptions.RULE_PATHS, rules);
    options.set(DetectionOptions.PARALLELISM, 1);
    return DetectionOptions.from(options);
  }

  private static void awaitRunning(LocalCluster flink) throws InterruptedException {
    while (flink.status().filter(status -> status == JobStatus.RUNNING).isEmpty()) {
      if (flink.status().map(JobStatus::isGloballyTerminalState).orElse(false)) {
        throw new IllegalStateException("the detection job does not run: " + flink.status());
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private ObjectNode measure(
      GatewayProcess gateway,
      EmbeddedClickHouse clickHouse,
      Identities identities,
      EventLoopGroup threads)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    List<RatedAgent> agents = new ArrayList<>();
    VisibleAlerts visible = new VisibleAlerts(clickHouse, RULE);
    Thread looking = new Thread(visible, "visible-alerts");
    try {
      for (int i = 0; i < AGENTS; i++) {
        RatedAgent agent =
            new RatedAgent(gateway.port(), identities, i, threads, settings.linger().toNanos());
        agents.add(agent);
        var unused = agent.open().get(30, TimeUnit.SECONDS);
      }
      looking.start();
      progress.accept("warming up for " + settings.warmUp().toSeconds() + " s");
      Map<String, Long> warm = send(agents, settings.warmUp());
      awaitAll(visible, warm);
      progress.accept("measuring for " + settings.measured().toSeconds() + " s");
      long start = System.nanoTime();
      Map<String, Long> handed = send(agents, settings.measured());
      double seconds = (System.nanoTime() - start) / 1e9;
      awaitAll(visible, handed);
      return result(agents, handed, visible.seen(), seconds);
    } finally {
      visible.stop();
      looking.join(5_000);
      agents.forEach(RatedAgent::close);
    }
  }

  /** Hands events to the agents at the rate; by id when those were handed that raise alerts. */
  private Map<String, Long> send(List<RatedAgent> agents, Duration length) {
    Map<String, Long> handed = new HashMap<>();
    long start = System.nanoTime();
    long total = settings.rate() * length.toSeconds();
    for (long sent = 0; sent < total; ) {
      long now = System.nanoTime();
      long due = Math.min(total, (now - start) * settings.rate() / 1_000_000_000L);
      for (; sent < due; sent++) {
        boolean alerting = sent % ALERTING == 0;
        UUID id = EventIds.next();
        // When it was due, not when this loop came to it: being late is latency too.
        if (alerting) {
          handed.put(id.toString(), start + sent * 1_000_000_000L / settings.rate());
        }
        agents.get((int) (sent % agents.size())).hand(event(id, sent, alerting), now);
      }
      agents.forEach(agent -> agent.tick(System.nanoTime()));
      LockSupport.parkNanos(2_000_000);
    }
    for (long left = 1; left > 0; ) {
      agents.forEach(agent -> agent.tick(System.nanoTime()));
      left = agents.stream().mapToLong(RatedAgent::outstanding).sum();
      LockSupport.parkNanos(2_000_000);
    }
    return handed;
  }

  private static AgentEvent event(UUID id, long number, boolean alerting) {
    String json =
        "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,"
            + "\"Image\":\"C:\\\\Windows\\\\System32\\\\svchost.exe\",\"ProcessId\":"
            + number % 60_000
            + ",\"CommandLine\":\"svchost.exe -k "
            + (alerting ? MARKER : "netsvcs")
            + " "
            + "x".repeat(300)
            + "\"}";
    return AgentEvent.newBuilder()
        .setEventId(EventIds.bytes(id))
        .setObservedTimeUs(System.currentTimeMillis() * 1_000)
        .setHost("host-" + number % 10)
        .setOrigin("bench")
        .setPayload(ByteString.copyFromUtf8(json))
        .build();
  }

  private static void awaitAll(VisibleAlerts visible, Map<String, Long> handed)
      throws InterruptedException {
    long deadline = System.nanoTime() + DRAIN.toNanos();
    while (!visible.seen().keySet().containsAll(handed.keySet()) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private ObjectNode result(
      List<RatedAgent> agents, Map<String, Long> handed, Map<String, Long> seen, double seconds) {
    long[] millis =
        handed.entrySet().stream()
            .filter(entry -> seen.containsKey(entry.getKey()))
            .mapToLong(
                entry -> (seen.getOrDefault(entry.getKey(), 0L) - entry.getValue()) / 1_000_000)
            .sorted()
            .toArray();
    ObjectNode result =
        JsonNodeFactory.instance
            .objectNode()
            .put("agents", agents.size())
            .put(
                "events_per_second",
                Math.round(settings.rate() * settings.measured().toSeconds() / seconds))
            .put("linger_ms", settings.linger().toMillis())
            .put("alerting_events", handed.size())
            .put("alerts_seen", millis.length);
    if (millis.length > 0) {
      result
          .put("p50_ms", percentile(millis, 0.50))
          .put("p90_ms", percentile(millis, 0.90))
          .put("p99_ms", percentile(millis, 0.99))
          .put("max_ms", millis[millis.length - 1])
          .put("mean_ms", Math.round(Arrays.stream(millis).average().orElse(0)));
    }
    return result;
  }

  private static long percentile(long[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1L, (long) Math.ceil(share * sorted.length) - 1)];
  }
}
