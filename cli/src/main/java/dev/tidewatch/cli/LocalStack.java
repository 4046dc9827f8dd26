package dev.tidewatch.cli;

import dev.tidewatch.control.ControlOptions;
import dev.tidewatch.control.ControlServer;
import dev.tidewatch.control.ControlServerException;
import dev.tidewatch.control.database.DatabaseOptions;
import dev.tidewatch.control.database.DatabaseUnavailableException;
import dev.tidewatch.control.gateway.Gateway;
import dev.tidewatch.embedded.ClickHouseOptions;
import dev.tidewatch.embedded.DataDirectoryLock;
import dev.tidewatch.embedded.EmbeddedClickHouse;
import dev.tidewatch.embedded.EmbeddedKafka;
import dev.tidewatch.embedded.EmbeddedPostgres;
import dev.tidewatch.embedded.EmbeddedServerException;
import dev.tidewatch.jobs.LocalCluster;
import dev.tidewatch.jobs.options.DetectionOptions;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.store.ClickHouseEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * All of Tidewatch on one machine: Kafka, Flink with the detection job, the control API and the
 * console in this process, ClickHouse and PostgreSQL in their own. Everything listens on 127.0.0.1.
 */
final class LocalStack implements AutoCloseable {
  /**
   * Half of the cores: Kafka, ClickHouse and the job's store threads take as much as matching does,
   * and on two cores one slot is faster than two (docs/benchmarks/main-job.md).
   */
  private static final int PARALLELISM =
      Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  private static final Duration JOB_START = Duration.ofSeconds(60);
  private static final Duration JOB_STOP = Duration.ofSeconds(15);

  private final Path data;
  private final Steps steps;
  private final Deque<AutoCloseable> closing = new ArrayDeque<>();
  private @Nullable RunningStack running;
  private @Nullable EmbeddedClickHouse clickHouse;
  private @Nullable EmbeddedKafka kafka;
  private @Nullable Gateway gateway;
  private Optional<String> operatorPassword = Optional.empty();

  private LocalStack(Path data, Steps steps) {
    this.data = data;
    this.steps = steps;
  }

  /**
   * Starts everything and returns when the job runs and the console answers.
   *
   * @param data created where missing; one stack at a time
   * @throws CommandFailedException with the reason when a part does not start; what had started is
   *     stopped
   */
  static LocalStack start(Path data, List<Path> rules, Ports ports, Steps steps)
      throws IOException {
    LocalStack stack = new LocalStack(data.toAbsolutePath().normalize(), steps);
    try {
      stack.startAll(rules, ports);
      return stack;
    } catch (EmbeddedServerException
        | ControlServerException
        | DatabaseUnavailableException
        | IllegalStateException e) {
      stack.close();
      throw new CommandFailedException(String.valueOf(e.getMessage()));
    } catch (RuntimeException | IOException | Error e) {
      stack.close();
      throw e;
    }
  }

  private void startAll(List<Path> rules, Ports ports) throws IOException {
    closing.push(lock());
    ports.requireFree();
    Logs.into(Files.createDirectories(data.resolve("logs")));
    closing.push(() -> RunningStack.forget(data));

    CompletableFuture<EmbeddedKafka> broker = begin(() -> startKafka(ports.kafka));
    CompletableFuture<EmbeddedClickHouse> engine = begin(() -> startClickHouse(ports.clickhouse));
    CompletableFuture<LocalCluster> flink = begin(() -> startFlink(ports.flink));
    CompletableFuture<LocalAccess> access = begin(() -> startPostgres(ports));
    CompletableFuture<SigmaCompiler.Compilation> compiled = begin(() -> compile(rules));
    SigmaCompiler.Compilation compilation;
    try {
      kafka = broker.join();
      clickHouse = engine.join();
      compilation = compiled.join();
      submit(flink.join(), rules);
      operatorPassword = access.join().password();
    } catch (CompletionException e) {
      // The others may still be starting: they must be there to be stopped.
      CompletableFuture.allOf(settled(broker), settled(engine), settled(flink), settled(access))
          .join();
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    startControl(compilation, ports, flink.join(), access.join());
  }

  private DataDirectoryLock lock() {
    try {
      return DataDirectoryLock.acquire(data, "the");
    } catch (EmbeddedServerException e) {
      throw new CommandFailedException(
          e.getMessage() + "; stop that one, or name another directory with --data");
    }
  }

  private static CompletableFuture<@Nullable Void> settled(CompletableFuture<?> future) {
    return future.handle((value, failure) -> null);
  }

  private static <T> CompletableFuture<T> begin(Supplier<T> step) {
    return CompletableFuture.supplyAsync(step, task -> new Thread(task, "start").start());
  }

  private EmbeddedKafka startKafka(int port) {
    long start = System.nanoTime();
    EmbeddedKafka server = register(EmbeddedKafka.start(data.resolve("kafka"), port));
    steps.done("Kafka", server.bootstrapServers(), start);
    return server;
  }

  private EmbeddedClickHouse startClickHouse(int port) {
    long start = System.nanoTime();
    ClickHouseOptions options =
        ClickHouseOptions.of(data.resolve("clickhouse"))
            .withPort(port)
            .withProgress(line -> steps.begin("ClickHouse", line));
    EmbeddedClickHouse server = register(EmbeddedClickHouse.start(options));
    steps.done("ClickHouse", server.url(), start);
    return server;
  }

  private LocalAccess startPostgres(Ports ports) {
    long start = System.nanoTime();
    LocalAccess access =
        ports.database.isEmpty()
            ? LocalAccess.on(
                register(EmbeddedPostgres.start(data.resolve("postgres"), ports.postgres)), data)
            : LocalAccess.on(ports, data);
    steps.done("PostgreSQL", access.where(), start);
    return access;
  }

  private LocalCluster startFlink(int port) {
    long start = System.nanoTime();
    LocalCluster cluster =
        register(
            LocalCluster.start(
                new Configuration(), data.resolve("checkpoints"), port, PARALLELISM));
    steps.done("Flink", cluster.restAddress().toString(), start);
    return cluster;
  }

  private SigmaCompiler.Compilation compile(List<Path> rules) {
    long start = System.nanoTime();
    SigmaCompiler.Compilation compilation = new SigmaCompiler().compile(RuleDirectory.read(rules));
    String refused =
        compilation.refused() == 0
            ? ""
            : ", " + compilation.refused() + " refused (see `tidewatch rules check`)";
    steps.done("Rules", compilation.rules().size() + " compiled" + refused, start);
    return compilation;
  }

  private void submit(LocalCluster flink, List<Path> rules) {
    long start = System.nanoTime();
    Configuration settings = new Configuration();
    settings.set(DetectionOptions.BOOTSTRAP_SERVERS, required(kafka).bootstrapServers());
    settings.set(DetectionOptions.CLICKHOUSE_URL, required(clickHouse).url());
    settings.set(DetectionOptions.CLICKHOUSE_USER, required(clickHouse).user());
    settings.set(DetectionOptions.CLICKHOUSE_PASSWORD, required(clickHouse).password());
    settings.set(
        DetectionOptions.RULE_PATHS,
        rules.stream().map(path -> path.toAbsolutePath().toString()).toList());
    settings.set(DetectionOptions.PARALLELISM, PARALLELISM);
    flink.submit(DetectionOptions.from(settings));
    synchronized (closing) {
      closing.push(() -> flink.stop(JOB_STOP));
    }
    awaitRunning(flink);
    steps.done("Job", "detection, parallelism " + PARALLELISM, start);
  }

  private static void awaitRunning(LocalCluster flink) {
    long deadline = System.nanoTime() + JOB_START.toNanos();
    while (flink.status().filter(status -> status == JobStatus.RUNNING).isEmpty()) {
      if (System.nanoTime() > deadline
          || flink.status().map(JobStatus::isGloballyTerminalState).orElse(false)) {
        throw new CommandFailedException(
            "the detection job does not run: " + flink.status() + "; see the log");
      }
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted");
    }
  }

  private void startControl(
      SigmaCompiler.Compilation compilation, Ports ports, LocalCluster flink, LocalAccess access)
      throws IOException {
    long start = System.nanoTime();
    String bootstrapServers = required(kafka).bootstrapServers();
    ControlServer control =
        register(ControlServer.start(controlOptions(compilation, ports, flink, access)));
    String url = "http://127.0.0.1:" + control.port() + "/";
    steps.done("Console", url, start);
    Gateway entrance = startGateway(ports.gateway, bootstrapServers, access.options().database());
    running =
        new RunningStack(
            ProcessHandle.current().pid(),
            url,
            bootstrapServers,
            required(clickHouse).url(),
            flink.restAddress().toString(),
            "127.0.0.1:" + entrance.port(),
            "http://127.0.0.1:" + entrance.localPort());
    running.save(data);
  }

  private ControlOptions controlOptions(
      SigmaCompiler.Compilation compilation, Ports ports, LocalCluster flink, LocalAccess access) {
    try {
      return ControlOptions.builder(
              endpoint(), required(kafka).bootstrapServers(), () -> compilation)
          .port(ports.control)
          .access(ports.callers.added(access.options(), ports.control))
          .corsOrigins(ports.callers.origins)
          .flinkRest(flink.restAddress())
          .evidenceDirectory(GatewayParts.directory(data).resolve("evidence"))
          .build();
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(Tidewatch.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private Gateway startGateway(
      GatewayPorts ports, String bootstrapServers, DatabaseOptions database) {
    long start = System.nanoTime();
    Gateway entrance = register(GatewayParts.start(data, ports, bootstrapServers, database));
    gateway = entrance;
    steps.done("Gateway", "127.0.0.1:" + entrance.port(), start);
    return entrance;
  }

  private <T extends AutoCloseable> T register(T part) {
    synchronized (closing) {
      closing.push(part);
    }
    return part;
  }

  private static <T> T required(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("not started");
    }
    return part;
  }

  /** Where everything listens. */
  RunningStack running() {
    return required(running);
  }

  /** Where telemetry comes in. */
  Gateway gateway() {
    return required(gateway);
  }

  /** How ClickHouse is reached. */
  ClickHouseEndpoint endpoint() {
    EmbeddedClickHouse engine = required(clickHouse);
    return new ClickHouseEndpoint(engine.url(), engine.user(), engine.password(), "tidewatch");
  }

  /** Of the operator {@code admin}, when it was made by this start: the only time it is known. */
  Optional<String> operatorPassword() {
    return operatorPassword;
  }

  Path data() {
    return data;
  }

  /**
   * Waits until {@code stop} is counted down, and brings ClickHouse back when its process ends; the
   * job waits for it and loses nothing.
   *
   * @throws CommandFailedException when Kafka fails for good, with its reason
   */
  void awaitStop(CountDownLatch stop) throws InterruptedException {
    while (!stop.await(1, TimeUnit.SECONDS)) {
      String fault = required(kafka).failure().orElse("");
      if (!fault.isEmpty()) {
        throw new CommandFailedException(
            "Kafka failed: " + fault + "; see " + data.resolve("logs"));
      }
      if (!required(clickHouse).isAlive()) {
        bringBackClickHouse();
      }
    }
  }

  private void bringBackClickHouse() {
    long start = System.nanoTime();
    steps.begin("ClickHouse", "its process ended; starting it again");
    try {
      required(clickHouse).restart();
      steps.done("ClickHouse", required(clickHouse).url(), start);
    } catch (EmbeddedServerException e) {
      steps.begin("ClickHouse", "does not start: " + e.getMessage());
    }
  }

  /** Stops everything in the reverse order of its start. */
  @Override
  public void close() {
    synchronized (closing) {
      while (!closing.isEmpty()) {
        try {
          closing.pop().close();
        } catch (Exception e) {
          steps.say("  ! while stopping: " + e.getMessage());
        }
      }
    }
  }
}
