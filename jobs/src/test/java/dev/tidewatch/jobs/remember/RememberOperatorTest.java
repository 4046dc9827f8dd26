package dev.tidewatch.jobs.remember;

import static dev.tidewatch.jobs.remember.BurstRules.burst;
import static dev.tidewatch.jobs.remember.BurstRules.chained;
import static dev.tidewatch.jobs.remember.RememberHarness.ended;
import static dev.tidewatch.jobs.remember.RememberHarness.match;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.jobs.remember.RandomMatches.Arrival;
import dev.tidewatch.jobs.remember.RememberHarness.Backend;
import dev.tidewatch.remember.StatefulRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RememberOperatorTest {
  private static final long SECOND = 1_000_000;
  private static final StatefulRule RULE = burst("burst-3", 3, Duration.ofSeconds(10));

  @ParameterizedTest
  @EnumSource(Backend.class)
  void anEpisodeIsOneAlertThatGrows(Backend backend) throws Exception {
    try (RememberHarness harness = new RememberHarness(TestFeed.of(RULE), backend)) {
      for (int i = 1; i <= 5; i++) {
        harness.send(match(RULE, "10.0.0.1", i * SECOND, i));
      }
      assertThat(harness.alerts()).as("nothing before the watermark").isEmpty();

      harness.watermark(3_000);
      harness.watermark(5_000);

      assertThat(harness.alerts()).extracting(Alert::getCount).containsExactly(3L, 5L);
      Alert alert = harness.alerts().get(1);
      assertThat(alert.getAlertId()).isEqualTo(harness.alerts().get(0).getAlertId());
      assertThat(alert.getTenantId()).isEqualTo("acme");
      assertThat(alert.getLevel()).isEqualTo(Level.LEVEL_HIGH);
      assertThat(alert.getTimeUs()).isEqualTo(3 * SECOND);
      assertThat(alert.getFirstSeenUs()).isEqualTo(SECOND);
      assertThat(alert.getLastSeenUs()).isEqualTo(5 * SECOND);
      assertThat(alert.getReason()).isEqualTo("5 matches in 4s by IpAddress=10.0.0.1");
      assertThat(alert.getTechniqueIdsList()).containsExactly("T1110");
      assertThat(alert.getEntities(0).getKind()).isEqualTo("ip");
      assertThat(alert.getEvidenceList()).hasSize(5);
      assertThat(alert.getEvidence(0).getFields(0).getValue()).isEqualTo("10.0.0.1");
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void aGroupHasOneTimerAndIsFreedWhenItsWindowHasPassed(Backend backend) throws Exception {
    try (RememberHarness harness = new RememberHarness(TestFeed.of(RULE), backend)) {
      for (int i = 1; i <= 50; i++) {
        harness.send(match(RULE, "10.0.0." + i % 5, (60 - i) * SECOND, i));
        harness.send(match(RULE, "10.0.0." + i % 5, (60 - i) * SECOND, 100 + i));
      }
      assertThat(harness.groups()).isEqualTo(5);
      assertThat(harness.flink().numEventTimeTimers()).isEqualTo(5);

      harness.watermark(30_000);
      assertThat(harness.flink().numEventTimeTimers()).isEqualTo(5);

      harness.watermark(70_000);
      assertThat(harness.groups()).isZero();
      assertThat(harness.flink().numEventTimeTimers()).isZero();
    }
  }

  @Test
  void lateMatchesStandAsideAndDoNotCount() throws Exception {
    try (RememberHarness harness = new RememberHarness(TestFeed.of(RULE), Backend.HEAP)) {
      harness.send(match(RULE, "10.0.0.1", SECOND, 1));
      harness.watermark(2_000);
      harness.send(match(RULE, "10.0.0.1", 2 * SECOND, 2));
      harness.send(match(RULE, "10.0.0.1", 2 * SECOND + 1_000, 3));
      harness.send(match(RULE, "10.0.0.1", 2 * SECOND + 2_000, 4));
      harness.watermark(Long.MAX_VALUE);

      assertThat(harness.side(RememberOperator.LATE))
          .singleElement()
          .satisfies(late -> assertThat(late.match().eventIdLow()).isEqualTo(2));
      assertThat(harness.alerts())
          .singleElement()
          .satisfies(a -> assertThat(a.getCount()).isEqualTo(3));
    }
  }

  @Test
  void aRuleMayWaitLongerThanTheJob() throws Exception {
    StatefulRule patient = BurstRules.withLateness(RULE, Duration.ofSeconds(30));
    try (RememberHarness harness = new RememberHarness(TestFeed.of(patient), Backend.HEAP)) {
      harness.send(match(patient, "10.0.0.1", 3 * SECOND, 3));
      harness.watermark(30_000);
      harness.send(match(patient, "10.0.0.1", SECOND, 1));
      harness.send(match(patient, "10.0.0.1", 2 * SECOND, 2));
      assertThat(harness.alerts()).isEmpty();
      harness.watermark(33_000);
      assertThat(harness.alerts()).hasSize(1);
      assertThat(harness.side(RememberOperator.LATE)).isEmpty();
    }
  }

  /** Shuffled within the lateness, stopped and started anywhere: what a sorted stream gives. */
  @ParameterizedTest
  @EnumSource(Backend.class)
  void restartsAndDisorderChangeNoEpisode(Backend backend) throws Exception {
    int seeds = backend == Backend.HEAP ? 60 : 6;
    for (int seed = 0; seed < seeds; seed++) {
      RandomMatches stream = RandomMatches.of(seed, 200);
      TestFeed feed = TestFeed.of(RULE);
      Random random = new Random(seed);
      List<Alert> alerts = new ArrayList<>();
      RememberHarness harness = new RememberHarness(feed, backend);
      for (Arrival arrival : stream.arrivals()) {
        if (random.nextInt(40) == 0) {
          OperatorSubtaskState state = harness.snapshot(seed);
          alerts.addAll(harness.alerts());
          harness.close();
          harness = new RememberHarness(feed, backend, 1, 0, 1, state);
        }
        send(harness, arrival);
      }
      harness.watermark(Long.MAX_VALUE);
      alerts.addAll(harness.alerts());
      assertThat(harness.groups()).isZero();
      harness.close();

      assertThat(ended(alerts)).as("seed " + seed).isEqualTo(stream.expected(RULE));
    }
  }

  private static void send(RememberHarness harness, Arrival arrival) throws Exception {
    if (arrival.watermarkMillis() != Long.MIN_VALUE) {
      harness.watermark(arrival.watermarkMillis());
    }
    harness.send(match(RULE, arrival.ip(), arrival.micros(), arrival.eventId()));
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void oneSubtaskThenTwoThenOneAgain(Backend backend) throws Exception {
    RandomMatches stream = RandomMatches.of(77, 600);
    TestFeed feed = TestFeed.of(RULE);
    List<Alert> alerts = new ArrayList<>();
    List<Arrival> arrivals = stream.arrivals();

    RememberHarness one = new RememberHarness(feed, backend);
    for (Arrival arrival : arrivals.subList(0, 200)) {
      send(one, arrival);
    }
    OperatorSubtaskState before = one.snapshot(1);
    alerts.addAll(one.alerts());
    one.close();

    List<RememberHarness> two = new ArrayList<>();
    for (int index = 0; index < 2; index++) {
      two.add(new RememberHarness(feed, backend, 2, index, 1, repartition(before, 1, 2, index)));
    }
    for (Arrival arrival : arrivals.subList(200, 400)) {
      for (RememberHarness subtask : two) {
        if (arrival.watermarkMillis() != Long.MIN_VALUE) {
          subtask.watermark(arrival.watermarkMillis());
        }
      }
      StatefulMatch match = match(RULE, arrival.ip(), arrival.micros(), arrival.eventId());
      two.get(subtaskOf(match)).send(match);
    }
    List<OperatorSubtaskState> states = new ArrayList<>();
    for (RememberHarness subtask : two) {
      states.add(subtask.snapshot(2));
      alerts.addAll(subtask.alerts());
      subtask.close();
    }
    OperatorSubtaskState both =
        AbstractStreamOperatorTestHarness.repackageState(
            states.toArray(OperatorSubtaskState[]::new));

    RememberHarness last = new RememberHarness(feed, backend, 1, 0, 1, repartition(both, 2, 1, 0));
    for (Arrival arrival : arrivals.subList(400, arrivals.size())) {
      send(last, arrival);
    }
    last.watermark(Long.MAX_VALUE);
    alerts.addAll(last.alerts());
    last.close();

    assertThat(ended(alerts)).isEqualTo(stream.expected(RULE)).isNotEmpty();
  }

  private static OperatorSubtaskState repartition(
      OperatorSubtaskState state, int from, int to, int index) {
    return AbstractStreamOperatorTestHarness.repartitionOperatorState(
        state, RememberHarness.MAX_PARALLELISM, from, to, index);
  }

  private static int subtaskOf(StatefulMatch match) {
    return org.apache.flink.runtime.state.KeyGroupRangeAssignment.assignKeyToParallelOperator(
        match.key(), RememberHarness.MAX_PARALLELISM, 2);
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void aRuleThatIsTakenAwayTakesItsStateWithIt(Backend backend) throws Exception {
    StatefulRule other = burst("other", 2, Duration.ofSeconds(10));
    TestFeed feed = TestFeed.of(RULE, other);
    try (RememberHarness harness = new RememberHarness(feed, backend)) {
      for (int i = 0; i < 2_500; i++) {
        harness.send(match(RULE, "ip" + i, SECOND, i));
      }
      harness.send(match(other, "10.0.0.1", SECOND, 1));
      harness.send(match(other, "10.0.0.1", 2 * SECOND, 2));
      assertThat(harness.groups()).isEqualTo(2_501);

      feed.publish(2, other);
      harness.flink().getTaskMailbox().take(0).run();
      harness.flink().getTaskMailbox().take(0).run();
      assertThat(harness.groups()).as("in slices").isBetween(1L, 2_400L);
      harness.drain();

      assertThat(harness.groups()).isEqualTo(1);
      assertThat(harness.flink().numEventTimeTimers()).isEqualTo(1);
      harness.send(match(RULE, "ip1", 3 * SECOND, 9));
      harness.watermark(Long.MAX_VALUE);
      assertThat(harness.alerts()).extracting(Alert::getRuleId).containsExactly("other");
    }
  }

  @Test
  void aRuleThatFailsCostsOnlyItself() throws Exception {
    StatefulRule other = burst("other", 1, Duration.ofSeconds(10));
    try (RememberHarness harness = new RememberHarness(TestFeed.of(RULE, other), Backend.HEAP)) {
      for (int i = 1; i <= 4; i++) {
        harness.send(match(RULE, "ip" + i, i * SECOND, i, new String[] {"poison", ""}));
        harness.send(match(other, "ip" + i, i * SECOND, i));
        harness.watermark(i * 1_000);
      }

      assertThat(harness.alerts())
          .extracting(Alert::getRuleId)
          .containsExactlyInAnyOrder(
              "other", "other", "other", "other", "tidewatch-health/failing");
      Alert health =
          harness.alerts().stream()
              .filter(a -> a.getRuleId().startsWith(HealthAlerts.PREFIX))
              .findFirst()
              .orElseThrow();
      assertThat(health.getReason()).contains("burst-3", "ip3", "poisoned");
      assertThat(health.getLevel()).isEqualTo(Level.LEVEL_MEDIUM);
    }
  }

  @Test
  void episodesFeedTheNextLevelBeforeTheWatermarkDoes() throws Exception {
    StatefulRule child = burst("child", 2, Duration.ofSeconds(2));
    StatefulRule parent = chained("parent", child, 2, Duration.ofMinutes(1));
    TestFeed feed = TestFeed.of(child, parent);
    RandomMatches stream = RandomMatches.of(5, 60);
    try (RememberHarness first = new RememberHarness(feed, Backend.HEAP);
        RememberHarness second = new RememberHarness(feed, Backend.HEAP, 1, 0, 2, null)) {
      int handed = 0;
      List<Arrival> arrivals = new ArrayList<>(stream.arrivals());
      arrivals.add(new Arrival("", 0, 0, Long.MAX_VALUE));
      for (Arrival arrival : arrivals) {
        if (arrival.watermarkMillis() != Long.MIN_VALUE) {
          first.watermark(arrival.watermarkMillis());
          List<StatefulMatch> fed = first.side(StatefulMatches.level(2));
          for (; handed < fed.size(); handed++) {
            second.send(fed.get(handed));
          }
          second.watermark(arrival.watermarkMillis());
        }
        if (!arrival.ip().isEmpty()) {
          first.send(match(child, arrival.ip(), arrival.micros(), arrival.eventId()));
        }
      }

      assertThat(first.alerts()).as("silent: the parent listens").isEmpty();
      assertThat(second.side(RememberOperator.LATE)).isEmpty();
      var expected = stream.expected(child, parent);
      expected.values().removeIf(ended -> !ended.rule().equals("parent"));
      assertThat(ended(second.alerts())).isEqualTo(expected).isNotEmpty();
    }
  }

  @Test
  void timeGoesOnWhenEverybodyIsSilent() throws Exception {
    try (RememberHarness harness = new RememberHarness(TestFeed.of(RULE), Backend.HEAP)) {
      harness.flink().setProcessingTime(1_000_000);
      for (int i = 1; i <= 3; i++) {
        harness.send(match(RULE, "10.0.0.1", i * SECOND, i));
      }
      harness.watermark(1_500);
      harness.flink().processWatermarkStatus(WatermarkStatus.IDLE);
      harness.flink().setProcessingTime(1_001_000);
      assertThat(harness.alerts()).isEmpty();
      harness.flink().setProcessingTime(1_002_000);
      assertThat(harness.alerts()).hasSize(1);

      harness.flink().processWatermarkStatus(WatermarkStatus.ACTIVE);
      harness.flink().setProcessingTime(1_100_000);
      harness.watermark(3_000);
      harness.send(match(RULE, "10.0.0.1", 4 * SECOND, 4));
      harness.watermark(4_000);
      assertThat(harness.alerts()).extracting(Alert::getCount).containsExactly(3L, 4L);
      assertThat(harness.side(RememberOperator.LATE)).isEmpty();
    }
  }
}
