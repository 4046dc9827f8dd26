package dev.tidewatch.benchmarks.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.agent.AgentFiles;
import dev.tidewatch.agent.AgentRun;
import dev.tidewatch.control.gateway.Gateway;
import dev.tidewatch.control.gateway.GatewayOptions;
import dev.tidewatch.embedded.EmbeddedKafka;
import dev.tidewatch.events.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** What the agent takes of a machine while short processes are started, and what it misses. */
public final class AgentBenchmark {
  private static final int PARTITIONS = 2;
  private static final long SAMPLE_MILLIS = 500;
  private static final Duration CONNECT = Duration.ofSeconds(60);
  private static final Duration SETTLE = Duration.ofSeconds(60);

  private final Settings settings;
  private final Consumer<String> progress;

  /**
   * @param execsPerSecond while it is loaded
   * @param seconds of load
   * @param threads that start processes
   * @param lightExecsPerSecond before that
   * @param lightSeconds of light load; 0 leaves that part out
   * @param unit the agent's systemd unit, whose flags count
   * @param jar the agent's standalone jar; empty: the classes of this process
   * @param configuration settings of the agent, as in its file; empty: its own
   */
  public record Settings(
      double execsPerSecond,
      int seconds,
      int threads,
      double lightExecsPerSecond,
      int lightSeconds,
      Path unit,
      String jar,
      String configuration) {}

  public AgentBenchmark(Settings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * @param scratch an empty directory
   */
  public ObjectNode run(Path scratch) throws Exception {
    ExecLoop.check();
    Path state = scratch.resolve("state");
    Path configuration =
        Files.writeString(scratch.resolve("agent.properties"), settings.configuration());
    try (EmbeddedKafka kafka = EmbeddedKafka.start(scratch.resolve("kafka"), 0)) {
      kafka.createTopic(Topics.TELEMETRY, PARTITIONS);
      try (Gateway gateway =
          Gateway.start(
              GatewayOptions.builder(scratch.resolve("gateway"), kafka.bootstrapServers())
                  .build())) {
        String token = gateway.administration().mintToken("bench", Duration.ofMinutes(10));
        var unused =
            new AgentRun(new AgentFiles(state, configuration))
                .enroll("127.0.0.1:" + gateway.port(), token);
        try (MeasuredAgent agent =
            MeasuredAgent.start(settings.unit(), settings.jar(), state, configuration)) {
          agent.awaitConnection(CONNECT);
          return measure(agent, kafka);
        }
      }
    }
  }

  private ObjectNode measure(MeasuredAgent agent, EmbeddedKafka kafka) throws Exception {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ExecLoop loop = new ExecLoop(settings.threads());
    if (settings.lightSeconds() > 0) {
      // The first seconds are those of its start: looking around, hashing, connecting.
      TimeUnit.SECONDS.sleep(5);
      ExecLoop few = new ExecLoop(1);
      result.set(
          "light", phase(agent, few, settings.lightExecsPerSecond(), settings.lightSeconds()));
      progress.accept("light load: " + result.get("light"));
    }
    ReceivedStarts before = received(agent, kafka);
    ObjectNode load = phase(agent, loop, settings.execsPerSecond(), settings.seconds());
    ReceivedStarts after = received(agent, kafka);
    JsonNode status = agent.status();
    long execs = load.path("execs").asLong();
    long starts = after.starts() - before.starts();
    load.put("start_events_in_kafka", starts);
    load.put("share_of_starts", share(starts, execs));
    load.put("share_with_image", share(after.images() - before.images(), execs));
    load.put("share_with_command_line", share(after.commandLines() - before.commandLines(), execs));
    load.put("events_twice", after.twice());
    load.put("events_dropped", status.path("events_dropped").asLong());
    load.put("spool_blocked", status.path("spool_blocked").asLong());
    load.put("spool_events_at_end", status.path("spool_events").asLong());
    result.set("load", load);
    result.set("collectors", status.path("collectors"));
    return result;
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : Math.round(10_000.0 * part / whole) / 10_000.0;
  }

  /** Runs the loop while the agent is looked at now and then. */
  private ObjectNode phase(MeasuredAgent agent, ExecLoop loop, double perSecond, int seconds)
      throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Samples samples = new Samples(agent, over);
    Thread sampler = new Thread(samples::take, "samples");
    double cpu = agent.cpuSeconds();
    long begin = System.nanoTime();
    sampler.start();
    long execs = loop.run(perSecond, seconds);
    double elapsed = (System.nanoTime() - begin) / 1e9;
    double used = agent.cpuSeconds() - cpu;
    over.set(true);
    sampler.join();
    ObjectNode phase = JsonNodeFactory.instance.objectNode();
    phase.put("seconds", round(elapsed));
    phase.put("execs", execs);
    phase.put("execs_per_second", round(execs / elapsed));
    phase.put("agent_cpu_percent_of_a_core", round(100 * used / elapsed));
    phase.put("agent_cpu_us_per_exec", round(execs == 0 ? 0 : 1e6 * used / execs));
    phase.put("agent_resident_mb_peak", round(samples.peakResident));
    phase.put("agent_resident_mb_mean", round(samples.resident / Math.max(1, samples.count)));
    phase.put("agent_private_mb_at_end", round(agent.privateMegabytes()));
    phase.put("spool_events_peak", samples.peakSpool);
    return phase;
  }

  private static double round(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /** When the agent has sent all it has. */
  private static ReceivedStarts received(MeasuredAgent agent, EmbeddedKafka kafka)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + SETTLE.toNanos();
    long quiet = 0;
    long sent = -1;
    while (quiet < 2 && System.nanoTime() < until) {
      // Its status is written every five seconds.
      TimeUnit.MILLISECONDS.sleep(5200);
      JsonNode status = agent.status();
      boolean empty = status.path("spool_events").asLong() < 200;
      quiet = empty && sent >= 0 ? quiet + 1 : 0;
      sent = status.path("events_sent").asLong();
    }
    return ReceivedStarts.read(kafka.bootstrapServers(), PARTITIONS, ProcessHandle.current().pid());
  }

  private static final class Samples {
    private final MeasuredAgent agent;
    private final AtomicBoolean over;
    private double peakResident;
    private double resident;
    private long count;
    private long peakSpool;

    Samples(MeasuredAgent agent, AtomicBoolean over) {
      this.agent = agent;
      this.over = over;
    }

    void take() {
      try {
        while (!over.get()) {
          double now = agent.residentMegabytes();
          peakResident = Math.max(peakResident, now);
          resident += now;
          count++;
          peakSpool = Math.max(peakSpool, agent.status().path("spool_events").asLong());
          Thread.sleep(SAMPLE_MILLIS);
        }
      } catch (IOException | InterruptedException e) {
        // The agent has ended; the phase finds out for itself.
        Thread.currentThread().interrupt();
      }
    }
  }
}
