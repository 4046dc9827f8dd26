package dev.tidewatch.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker with its KRaft controller, in this process, on loopback.
 *
 * <p>Port and data survive {@link #stop()} and {@link #start()}, so clients see a broker that went
 * away and came back. A fatal fault inside Kafka (for example every log directory failing) never
 * ends the JVM: it shows in {@link #failure()} and {@link #isAlive()}.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 20;

  private final KafkaOptions options;
  private final int port;
  private @Nullable Running running;

  private record Running(
      KafkaRaftServer server, DataDirectoryLock lock, KafkaFaults.Watch faults) {}

  private EmbeddedKafka(KafkaOptions options) {
    this.options = options;
    this.port = options.port() == 0 ? LoopbackPort.free() : options.port();
  }

  /**
   * Starts a broker and returns when it accepts clients (2 to 6 s).
   *
   * @param port client port on 127.0.0.1; 0 = a free one
   * @throws EmbeddedServerException when the directory is in use, the port is taken, or Kafka
   *     refuses to start
   */
  public static EmbeddedKafka start(Path dataDirectory, int port) {
    return start(KafkaOptions.of(dataDirectory).withPort(port));
  }

  /** As {@link #start(Path, int)}, with all options. */
  public static EmbeddedKafka start(KafkaOptions options) {
    EmbeddedKafka kafka = new EmbeddedKafka(options);
    kafka.start();
    return kafka;
  }

  /** Starts again after {@link #stop()}, on the same port and data. No-op while running. */
  public synchronized void start() {
    if (running != null) {
      return;
    }
    DataDirectoryLock lock = DataDirectoryLock.acquire(options.dataDirectory(), "Kafka");
    KafkaFaults.Watch faults = KafkaFaults.watch();
    try {
      LoopbackPort.requireFree(port, "Kafka");
      running = new Running(startServer(), lock, faults);
    } catch (RuntimeException | Error e) {
      faults.close();
      lock.close();
      throw e;
    }
  }

  private KafkaRaftServer startServer() {
    KafkaLogDirectory.format(options.dataDirectory());
    Properties properties = KafkaProperties.of(options, port, LoopbackPort.free());
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
    try {
      server.startup();
      return server;
    } catch (RuntimeException | Error e) {
      server.shutdown();
      throw new EmbeddedServerException(
          "Kafka did not start in " + options.dataDirectory() + ": " + e.getMessage(), e);
    }
  }

  /** Shuts the broker down cleanly and waits for it. Clients see it gone. No-op when stopped. */
  public synchronized void stop() {
    Running stopping = running;
    if (stopping == null) {
      return;
    }
    running = null;
    try {
      stopping.server().shutdown();
      stopping.server().awaitShutdown();
    } finally {
      stopping.faults().close();
      stopping.lock().close();
    }
  }

  /** {@code 127.0.0.1:port}. */
  public String bootstrapServers() {
    return LoopbackPort.HOST + ":" + port;
  }

  public int port() {
    return port;
  }

  public Path dataDirectory() {
    return options.dataDirectory();
  }

  /** True between start and stop, unless Kafka failed on its own. */
  public synchronized boolean isAlive() {
    return running != null && running.faults().first().isEmpty();
  }

  /** The fault for which Kafka wanted to end the process, if any. */
  public synchronized Optional<String> failure() {
    return running == null ? Optional.empty() : running.faults().first();
  }

  /** Creates a topic with one replica; a topic that exists stays as it is. */
  public void createTopic(String name, int partitions) {
    createTopic(name, partitions, Map.of());
  }

  /**
   * Creates a topic with one replica and returns when its partitions have leaders; a topic that
   * exists stays as it is.
   *
   * @param configs topic configs such as {@code retention.ms}
   * @throws EmbeddedServerException when Kafka refuses, with its reason
   */
  public void createTopic(String name, int partitions, Map<String, String> configs) {
    NewTopic topic =
        new NewTopic(name, partitions, (short) 1).configs(new LinkedHashMap<>(configs));
    try (Admin admin = admin()) {
      try {
        admin.createTopics(List.of(topic)).all().get(ADMIN_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
      awaitLeaders(admin, name);
    } catch (ExecutionException e) {
      throw new EmbeddedServerException("Kafka topic " + name + ": " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new EmbeddedServerException("Kafka topic " + name + ": no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedServerException("interrupted while creating topic " + name, e);
    }
  }

  private static void awaitLeaders(Admin admin, String topic)
      throws InterruptedException, ExecutionException, TimeoutException {
    long deadline = System.nanoTime() + ADMIN_TIMEOUT.toNanos();
    while (!hasLeaders(admin, topic)) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException();
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static boolean hasLeaders(Admin admin, String topic)
      throws InterruptedException, ExecutionException {
    try {
      return admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
          .flatMap(description -> description.partitions().stream())
          .allMatch(partition -> partition.leader() != null);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw e;
    }
  }

  /** An admin client; the caller closes it. */
  public Admin admin() {
    return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
  }

  @Override
  public void close() {
    stop();
  }
}
