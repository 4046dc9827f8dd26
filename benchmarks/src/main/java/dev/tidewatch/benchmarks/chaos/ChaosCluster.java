package dev.tidewatch.benchmarks.chaos;

import dev.tidewatch.embedded.ClickHouseOptions;
import dev.tidewatch.embedded.EmbeddedClickHouse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Everything the job runs on, each a process: ZooKeeper, one JobManager, two TaskManagers of one
 * slot, Kafka, ClickHouse.
 */
final class ChaosCluster implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final String SHADED = "org.apache.flink.shaded.zookeeper3.";

  /** What can be killed. */
  enum Part {
    JOB_MANAGER,
    TASK_MANAGER_1,
    TASK_MANAGER_2,
    KAFKA,
    CLICKHOUSE;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  private final Map<Part, ChildJvm> jvms = new EnumMap<>(Part.class);
  private final Map<Part, ChildJvm.Life> lives = new EnumMap<>(Part.class);
  private final ChaosPorts ports;
  private final EmbeddedClickHouse clickHouse;
  private final ChildJvm.Life zooKeeper;

  private ChaosCluster(ChaosPorts ports, EmbeddedClickHouse clickHouse, ChildJvm.Life zooKeeper) {
    this.ports = ports;
    this.clickHouse = clickHouse;
    this.zooKeeper = zooKeeper;
  }

  /**
   * Starts all of it and returns when everything listens.
   *
   * @param stateBackend {@code hashmap} or {@code rocksdb}
   */
  static ChaosCluster start(Path directory, String stateBackend) throws IOException {
    ChaosPorts ports = ChaosPorts.free();
    FlinkDirectory flink = new FlinkDirectory(directory.resolve("flink"), ports);
    flink.create(stateBackend);
    Path logs = directory.resolve("logs");
    ChildJvm.Life zooKeeper = zooKeeper(directory, flink, ports, logs).start();
    EmbeddedClickHouse clickHouse =
        EmbeddedClickHouse.start(
            ClickHouseOptions.of(directory.resolve("clickhouse")).withPort(ports.clickHouse()));
    ChaosCluster cluster = new ChaosCluster(ports, clickHouse, zooKeeper);
    try {
      cluster.jvms.put(Part.KAFKA, kafka(directory, flink, ports, logs));
      cluster.jvms.put(Part.JOB_MANAGER, jobManager(flink, logs));
      cluster.jvms.put(Part.TASK_MANAGER_1, taskManager("task-manager-1", flink, logs));
      cluster.jvms.put(Part.TASK_MANAGER_2, taskManager("task-manager-2", flink, logs));
      awaitPort(ports.zooKeeper(), "ZooKeeper", zooKeeper);
      for (Part part : cluster.jvms.keySet()) {
        cluster.start(part);
      }
      cluster.awaitListening(Part.KAFKA, ports.kafka());
      cluster.awaitListening(Part.JOB_MANAGER, ports.rest());
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private static ChildJvm zooKeeper(
      Path directory, FlinkDirectory flink, ChaosPorts ports, Path logs) {
    List<String> jvm = new ArrayList<>(flink.jvmArguments("64m"));
    jvm.add("-Dzookeeper.admin.enableServer=false");
    jvm.add("-Dzookeeper.clientPortAddress=127.0.0.1");
    return new ChildJvm(
        "zookeeper",
        jvm,
        SHADED + "org.apache.zookeeper.server.ZooKeeperServerMain",
        List.of(
            Integer.toString(ports.zooKeeper()), directory.resolve("zookeeper").toString(), "500"),
        Map.of(),
        logs.resolve("zookeeper.log"));
  }

  private static ChildJvm kafka(Path directory, FlinkDirectory flink, ChaosPorts ports, Path logs) {
    return new ChildJvm(
        "kafka",
        flink.jvmArguments("384m"),
        KafkaBrokerMain.class.getName(),
        List.of(directory.resolve("kafka").toString(), Integer.toString(ports.kafka())),
        Map.of(),
        logs.resolve("kafka.log"));
  }

  private static ChildJvm jobManager(FlinkDirectory flink, Path logs) {
    return new ChildJvm(
        "job-manager",
        flink.jvmArguments("384m"),
        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
        List.of("--configDir", flink.conf().toString()),
        flink.environment(),
        logs.resolve("job-manager.log"));
  }

  private static ChildJvm taskManager(String name, FlinkDirectory flink, Path logs) {
    return new ChildJvm(
        name,
        flink.jvmArguments("640m"),
        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
        List.of("--configDir", flink.conf().toString()),
        flink.environment(),
        logs.resolve(name + ".log"));
  }

  /** Starts a part that is not running. */
  void start(Part part) throws IOException {
    if (part == Part.CLICKHOUSE) {
      clickHouse.start();
    } else {
      lives.put(part, jvm(part).start());
    }
  }

  private ChildJvm jvm(Part part) {
    ChildJvm jvm = jvms.get(part);
    if (jvm == null) {
      throw new IllegalStateException(part + " is not a JVM of this cluster");
    }
    return jvm;
  }

  /** {@code kill -9}. */
  void kill(Part part) {
    if (part == Part.CLICKHOUSE) {
      clickHouse.kill();
    } else {
      ChildJvm.kill(lives.get(part));
    }
  }

  private void awaitListening(Part part, int port) {
    ChildJvm.Life life = lives.get(part);
    if (life != null) {
      awaitPort(port, part.toString(), life);
    }
  }

  private static void awaitPort(int port, String name, ChildJvm.Life life) {
    long deadline = System.nanoTime() + START.toNanos();
    while (!listens(port)) {
      if (!life.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            name + " does not listen on port " + port + "; see " + life.jvm().log());
      }
      Pause.millis(50);
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  String bootstrapServers() {
    return "127.0.0.1:" + ports.kafka();
  }

  EmbeddedClickHouse clickHouse() {
    return clickHouse;
  }

  URI rest() {
    return URI.create("http://127.0.0.1:" + ports.rest());
  }

  @Override
  public void close() {
    lives.values().forEach(ChildJvm::kill);
    ChildJvm.kill(zooKeeper);
    clickHouse.close();
  }
}
