package dev.tidewatch.jobs.remember;

import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.remember.GroupKey;
import dev.tidewatch.remember.Match;
import dev.tidewatch.remember.StatefulRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** One subtask of REMEMBER outside of a cluster, and what comes out of it. */
final class RememberHarness implements AutoCloseable {
  static final int MAX_PARALLELISM = 16;

  /** Where state lives. */
  enum Backend {
    HEAP,
    ROCKSDB;

    private StateBackend backend() {
      return this == HEAP ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend();
    }
  }

  /** What is compared of an episode: its id and how it ended. */
  record Ended(String alertId, String rule, long count, long first, long last) {}

  private final KeyedOneInputStreamOperatorTestHarness<
          GroupKey, StatefulMatch, Tuple2<Boolean, Alert>>
      harness;

  RememberHarness(TestFeed feed, Backend backend) throws Exception {
    this(feed, backend, 1, 0, 1, null);
  }

  /**
   * @param state to go on from; null: none
   */
  RememberHarness(
      TestFeed feed,
      Backend backend,
      int parallelism,
      int index,
      int level,
      @Nullable OperatorSubtaskState state)
      throws Exception {
    RememberSettings settings = new RememberSettings(feed, 3, 2_048, Duration.ofSeconds(5));
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new RememberOperatorFactory(settings, level, "remember-" + level),
            StatefulMatch::key,
            GroupKeySerializer.TYPE,
            MAX_PARALLELISM,
            parallelism,
            index);
    harness.setStateBackend(backend.backend());
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup(RememberStage.EPISODES.createSerializer(new SerializerConfigImpl()));
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    drain();
  }

  KeyedOneInputStreamOperatorTestHarness<GroupKey, StatefulMatch, Tuple2<Boolean, Alert>> flink() {
    return harness;
  }

  static StatefulMatch match(StatefulRule rule, String ip, long micros, long eventId) {
    return match(rule, ip, micros, eventId, new String[] {"host", "h" + eventId % 3});
  }

  static StatefulMatch match(
      StatefulRule rule, String ip, long micros, long eventId, String[] entities) {
    return new StatefulMatch(
        1,
        new GroupKey("acme", rule.id(), rule.version(), ip),
        new Match(micros, 7, eventId, 0, new @Nullable String[0], entities));
  }

  void send(StatefulMatch match) throws Exception {
    harness.processElement(new StreamRecord<>(match, match.timeMillis()));
  }

  void watermark(long millis) throws Exception {
    harness.processWatermark(millis);
    drain();
  }

  /** Runs what waits in the task's mailbox. */
  void drain() throws Exception {
    while (harness.getTaskMailbox().hasMail()) {
      harness.getTaskMailbox().take(0).run();
    }
  }

  OperatorSubtaskState snapshot(long id) throws Exception {
    return harness.snapshot(id, id);
  }

  /** Groups with state. */
  long groups() throws Exception {
    return harness
        .getOperator()
        .<GroupKey>getKeyedStateBackend()
        .getKeys(RememberOperator.GROUPS, VoidNamespace.INSTANCE)
        .count();
  }

  /** All alerts so far, oldest first. */
  List<Alert> alerts() {
    return alerts(harness.extractOutputValues());
  }

  static List<Alert> alerts(List<Tuple2<Boolean, Alert>> output) {
    return new ArrayList<>(output.stream().map(episode -> episode.f1).toList());
  }

  List<StatefulMatch> side(OutputTag<StatefulMatch> tag) {
    ConcurrentLinkedQueue<StreamRecord<StatefulMatch>> records = harness.getSideOutput(tag);
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  /** The last word on each alert, by id. */
  static Map<String, Ended> ended(List<Alert> alerts) {
    Map<String, Ended> ended = new TreeMap<>();
    for (Alert alert : alerts) {
      ended.merge(
          alert.getAlertId(),
          new Ended(
              alert.getAlertId(),
              alert.getRuleId(),
              alert.getCount(),
              alert.getFirstSeenUs(),
              alert.getLastSeenUs()),
          (before, after) -> after.count() >= before.count() ? after : before);
    }
    return ended;
  }

  @Override
  public void close() throws Exception {
    harness.close();
  }
}
