package dev.tidewatch.jobs.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidewatch.events.v1.RuleCount;
import dev.tidewatch.events.v1.RuleFault;
import dev.tidewatch.events.v1.SubtaskRules;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Tells the topic {@code rules.status} what the subtasks of this process run: at once when it
 * changes, every two seconds otherwise. Not in transactions, so that it is seen at once; a report
 * that is lost is followed by another.
 */
final class StatusReporter implements AutoCloseable {
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;
  private long reportedNanos = System.nanoTime();
  private List<RuleFault> faults = List.of();
  private long refusedRevision;
  private String refusal = "";
  private long compileMicros;

  StatusReporter(Map<String, String> properties, String topic) {
    this.topic = topic;
    Map<String, Object> settings = new HashMap<>(properties);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, "0");
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  boolean isDue(boolean changed) {
    return changed || System.nanoTime() - reportedNanos > EVERY_NANOS;
  }

  synchronized void compiled(long nanos) {
    compileMicros = nanos / 1_000;
    refusedRevision = 0;
    refusal = "";
  }

  /** Whether this is news. */
  synchronized boolean refused(long revision, String why) {
    boolean news = revision != refusedRevision || !why.equals(refusal);
    refusedRevision = revision;
    refusal = why;
    return news;
  }

  synchronized void report(Collection<TopicFollower> followers, List<RuleFault> found) {
    reportedNanos = System.nanoTime();
    faults = found;
    followers.forEach(follower -> send(record(follower.status()).build()));
  }

  synchronized void ended(TopicFollower.Status status) {
    send(record(status).setEnded(true).build());
  }

  private void send(SubtaskRules status) {
    String key = status.getJobId() + '/' + status.getOperator() + '/' + status.getSubtask();
    producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), status.toByteArray()));
  }

  private SubtaskRules.Builder record(TopicFollower.Status status) {
    SubtaskRules.Builder record =
        SubtaskRules.newBuilder()
            .setJobId(status.subtask().jobId())
            .setOperator(status.subtask().operator())
            .setSubtask(status.subtask().index())
            .setParallelism(status.subtask().parallelism())
            .setRevision(status.revision())
            .setActiveSinceUs(status.sinceMicros())
            .setTimeUs(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()))
            .addAllFaults(faults)
            .setRefusedRevision(refusedRevision)
            .setRefusal(refusal)
            .setCompileUs(compileMicros);
    status.counters().all().forEach((key, counter) -> record.addRules(count(key, counter)));
    return record;
  }

  private static RuleCount count(String key, RuleCounters.Counter counter) {
    int at = key.lastIndexOf('@');
    return RuleCount.newBuilder()
        .setRuleId(key.substring(0, at))
        .setVersion(Integer.parseInt(key.substring(at + 1)))
        .setMatches(counter.matches())
        .setAlerts(counter.alerts())
        .setNanos(counter.nanos())
        .setErrors(counter.errors())
        .setStateBytes(counter.stateBytes())
        .build();
  }

  @Override
  public synchronized void close() {
    producer.close(Duration.ofSeconds(2));
  }
}
