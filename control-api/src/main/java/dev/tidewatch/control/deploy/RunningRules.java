package dev.tidewatch.control.deploy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleLedger;
import dev.tidewatch.deploy.RuleTopic;
import dev.tidewatch.events.v1.SubtaskRules;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is deployed, and what the job's subtasks say that they run. Follows both in Kafka. */
public final class RunningRules implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningRules.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LOOK_BACK = Duration.ofSeconds(30);

  /** Subtasks report every two seconds; one that is silent for so long has gone. */
  private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final RuleTopic rules;
  private final String statusTopic;
  private final Supplier<Compilation> start;
  private final RuleLedger ledger = new RuleLedger();
  private final DeployedSet compiler;
  private final Map<String, Reported> reports = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile RuleBook book = RuleBook.EMPTY;
  private volatile @Nullable Consumer<byte[], byte[]> reading;
  private volatile Runnable listener = () -> {};
  private volatile boolean closed;
  private boolean created;

  private record Reported(SubtaskRules status, long nanos) {}

  private RunningRules(
      RuleTopic rules, String statusTopic, Supplier<Compilation> start, DeployedSet compiler) {
    this.start = start;
    this.compiler = compiler;
    this.rules = rules;
    this.statusTopic = statusTopic;
    this.thread = new Thread(this::run, "running-rules");
    thread.setDaemon(true);
  }

  /**
   * Begins to follow; Kafka may be away.
   *
   * @param start what the pipeline was started with: in force until something is deployed, and what
   *     was refused of it is told on
   * @param compiler perhaps with what a change has compiled before it came to the topic
   */
  static RunningRules follow(
      RuleTopic rules, String statusTopic, Supplier<Compilation> start, DeployedSet compiler) {
    RunningRules running = new RunningRules(rules, statusTopic, start, compiler);
    running.thread.start();
    return running;
  }

  /** The revision in force, as far as it is known here. */
  public RuleBook book() {
    return book;
  }

  /** The rules in force, compiled; for each revision once. */
  public Compilation compilation() {
    RuleBook now = book;
    return now.revision() == 0 ? start.get() : compiler.with(now, start.get());
  }

  /** What each subtask of the job said last. */
  public List<SubtaskRules> reports() {
    long now = System.nanoTime();
    reports.values().removeIf(report -> now - report.nanos() > SILENT_NANOS);
    return reports.values().stream().map(Reported::status).toList();
  }

  private void run() {
    while (!closed) {
      try {
        create();
        follow();
      } catch (WakeupException stopped) {
        LOG.debug("Topic {} is not followed any more", rules.topic());
      } catch (KafkaException e) {
        LOG.debug("Kafka does not answer", e);
        pause();
      }
    }
  }

  /** Whoever comes first, this or the job. */
  private void create() {
    if (!created) {
      rules.create();
      RuleTopic.createStatus(rules.properties(), statusTopic);
      created = true;
    }
  }

  private void follow() {
    try (Consumer<byte[], byte[]> consumer = rules.consumer()) {
      reading = consumer;
      read(consumer);
    }
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(Consumer<byte[], byte[]> consumer) {
    TopicPartition status = new TopicPartition(statusTopic, 0);
    consumer.assign(List.of(rules.partition(), status));
    consumer.seekToBeginning(List.of(rules.partition()));
    seekToRecent(consumer, status);
    while (!closed) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.topic().equals(statusTopic)) {
          report(record.value());
        } else {
          ledger.accept(record.key(), record.value()).ifPresent(this::take);
        }
      }
    }
  }

  private void take(RuleBook newest) {
    book = newest;
    listener.run();
  }

  /** Calls {@code told} when there is another {@link #book}, on the thread that reads. */
  void onRevision(Runnable told) {
    listener = told;
  }

  private static void seekToRecent(Consumer<byte[], byte[]> consumer, TopicPartition status) {
    long from = System.currentTimeMillis() - LOOK_BACK.toMillis();
    OffsetAndTimestamp recent = consumer.offsetsForTimes(Map.of(status, from)).get(status);
    if (recent == null) {
      consumer.seekToEnd(List.of(status));
    } else {
      consumer.seek(status, recent.offset());
    }
  }

  private void report(byte @Nullable [] value) {
    parse(value)
        .ifPresent(
            status -> {
              String subtask = status.getOperator() + '/' + status.getSubtask();
              if (status.getEnded()) {
                reports.computeIfPresent(
                    subtask, (key, old) -> isSameJob(old, status) ? null : old);
              } else {
                reports.put(subtask, new Reported(status, System.nanoTime()));
              }
            });
  }

  private static boolean isSameJob(Reported old, SubtaskRules status) {
    return old.status().getJobId().equals(status.getJobId());
  }

  private static Optional<SubtaskRules> parse(byte @Nullable [] value) {
    try {
      return value == null ? Optional.empty() : Optional.of(SubtaskRules.parseFrom(value));
    } catch (InvalidProtocolBufferException e) {
      LOG.warn("A report of what runs cannot be read: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Waits for a thread that has been told to end.
   *
   * @param stuck whether it waits for a Kafka that may not be there: it is interrupted at once
   */
  static void end(Thread thread, BooleanSupplier stuck) {
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
      while (thread.isAlive() && !stuck.getAsBoolean() && System.nanoTime() < deadline) {
        thread.join(20);
      }
      thread.interrupt();
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    Consumer<byte[], byte[]> consumer = reading;
    if (consumer != null) {
      consumer.wakeup();
    }
    end(thread, () -> reading == null);
  }
}
