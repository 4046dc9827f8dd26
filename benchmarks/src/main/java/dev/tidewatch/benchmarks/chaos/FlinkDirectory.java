package dev.tidewatch.benchmarks.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where Flink's processes find their configuration, and what they need around it. A JobManager that
 * dies is followed by one that finds its jobs in ZooKeeper; a TaskManager that dies is noticed in 4
 * s.
 */
final class FlinkDirectory {
  private final Path root;
  private final ChaosPorts ports;

  FlinkDirectory(Path root, ChaosPorts ports) {
    this.root = root;
    this.ports = ports;
  }

  /** Writes {@code conf/} and makes the other directories. */
  void create(String stateBackend) throws IOException {
    for (String name : List.of("conf", "lib", "plugins", "tmp", "upload", "ha", "checkpoints")) {
      Files.createDirectories(root.resolve(name));
    }
    Files.writeString(conf().resolve("config.yaml"), config(stateBackend));
    try (InputStream log = FlinkDirectory.class.getResourceAsStream("log4j2-chaos.properties")) {
      if (log == null) {
        throw new IllegalStateException("log4j2-chaos.properties is not on the class path");
      }
      Files.write(conf().resolve("log4j2.properties"), log.readAllBytes());
    }
  }

  Path conf() {
    return root.resolve("conf");
  }

  Path checkpoints() {
    return root.resolve("checkpoints");
  }

  Map<String, String> environment() {
    return Map.of(
        "FLINK_CONF_DIR", conf().toString(),
        "FLINK_LIB_DIR", root.resolve("lib").toString(),
        "FLINK_PLUGINS_DIR", root.resolve("plugins").toString(),
        "FLINK_HOME", root.toString());
  }

  List<String> jvmArguments(String heap) {
    return List.of(
        "-Xmx" + heap,
        "-XX:+UseParallelGC",
        "-XX:MaxDirectMemorySize=256m",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/java.util=ALL-UNNAMED",
        "-Dlog4j2.configurationFile=" + conf().resolve("log4j2.properties").toUri());
  }

  private String config(String stateBackend) {
    // A TaskManager that is started by itself wants every part of its memory named.
    return """
        jobmanager.rpc.address: 127.0.0.1
        jobmanager.rpc.port: %d
        jobmanager.bind-host: 127.0.0.1
        blob.server.port: "%d"
        taskmanager.host: 127.0.0.1
        taskmanager.bind-host: 127.0.0.1
        taskmanager.numberOfTaskSlots: 1
        taskmanager.registration.timeout: 5 min
        taskmanager.cpu.cores: 1.0
        taskmanager.memory.framework.heap.size: 64m
        taskmanager.memory.task.heap.size: 512m
        taskmanager.memory.task.off-heap.size: 0m
        taskmanager.memory.framework.off-heap.size: 64m
        taskmanager.memory.managed.size: 128m
        taskmanager.memory.network.min: 32m
        taskmanager.memory.network.max: 32m
        taskmanager.memory.jvm-metaspace.size: 256m
        taskmanager.memory.jvm-overhead.min: 192m
        taskmanager.memory.jvm-overhead.max: 192m
        rest.address: 127.0.0.1
        rest.bind-address: 127.0.0.1
        rest.port: %d
        rest.bind-port: "%d"
        state.backend.type: %s
        execution.checkpointing.dir: %s
        execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION
        execution.checkpointing.num-retained: 3
        io.tmp.dirs: %s
        web.upload.dir: %s
        web.submit.enable: true
        heartbeat.interval: 500 ms
        heartbeat.timeout: 4 s
        heartbeat.rpc-failure-threshold: 2
        restart-strategy.type: exponential-delay
        restart-strategy.exponential-delay.initial-backoff: 100 ms
        restart-strategy.exponential-delay.max-backoff: 5 s
        high-availability.type: zookeeper
        high-availability.cluster-id: /tidewatch
        high-availability.storageDir: %s
        high-availability.jobmanager.port: "%d"
        high-availability.zookeeper.quorum: 127.0.0.1:%d
        high-availability.zookeeper.path.root: /flink
        high-availability.zookeeper.client.session-timeout: 3000
        high-availability.zookeeper.client.tolerate-suspended-connections: true
        cluster.registration.error-delay: 500 ms
        cluster.registration.max-timeout: 1 s
        zookeeper.sasl.disable: true
        """
        .formatted(
            ports.rpc(),
            ports.blob(),
            ports.rest(),
            ports.rest(),
            stateBackend,
            checkpoints().toUri(),
            root.resolve("tmp"),
            root.resolve("upload"),
            root.resolve("ha").toUri(),
            ports.haRpc(),
            ports.zooKeeper());
  }
}
