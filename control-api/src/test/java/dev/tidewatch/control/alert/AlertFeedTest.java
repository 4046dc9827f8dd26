package dev.tidewatch.control.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.control.ManualClock;
import dev.tidewatch.control.access.Standing;
import dev.tidewatch.control.v1.AlertFilter;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AlertFeedTest {
  private static final FeedLimits LIMITS =
      new FeedLimits(
          Duration.ofMillis(300),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          10,
          10,
          20_000,
          40_000,
          Duration.ofSeconds(2));

  private final ManualClock clock = new ManualClock();
  private final FakeAlerts store = new FakeAlerts();
  private final AlertFeed feed = newFeed();

  private AlertFeed newFeed() {
    return new AlertFeed("acme", store, LIMITS, clock);
  }

  private RecordingSink subscribe(String cursor) {
    return subscribe(feed, cursor, AlertFilter.getDefaultInstance());
  }

  private RecordingSink subscribe(AlertFeed to, String cursor, AlertFilter filter) {
    RecordingSink sink = new RecordingSink();
    to.add(
        new AlertSubscription(sink, filter, cursor, LIMITS.bufferBytes(), Standing.LASTING, clock));
    return sink;
  }

  private static List<String> ids(int from, int to) {
    return IntStream.range(from, to).mapToObj(n -> "a" + n).toList();
  }

  @Test
  void aNewSubscriberIsWelcomedAndSeesWhatIsStoredFromThenOn() {
    store.store(0, 10);
    RecordingSink client = subscribe("");
    feed.tick();
    assertThat(client.responses()).singleElement().matches(r -> r.getAlertsCount() == 0);

    store.store(10, 13);
    feed.tick();
    assertThat(client.alertIds()).isEqualTo(ids(10, 13));
  }

  @Test
  void subscribersShareOnePoll() {
    List<RecordingSink> clients = IntStream.range(0, 5).mapToObj(i -> subscribe("")).toList();
    feed.tick();
    int before = store.polls();
    store.store(0, 3);
    feed.tick();
    assertThat(store.polls() - before).isEqualTo(1);
    assertThat(clients).allMatch(client -> client.alertIds().equals(ids(0, 3)));
  }

  @Test
  void eachSubscriberHasItsFilterAndItsCursorMovesAllTheSame() {
    RecordingSink all = subscribe("");
    RecordingSink odd = subscribe(feed, "", AlertFilter.newBuilder().setText("T1").build());
    feed.tick();
    store.store(0, 4);
    feed.tick();
    assertThat(odd.alertIds()).containsExactly("a1", "a3");

    clock.advance(Duration.ofSeconds(5));
    feed.tick();
    assertThat(odd.lastCursor()).isEqualTo(all.lastCursor());
  }

  @Test
  void triageGoesToEveryoneAndToThoseWhoComeBack() {
    RecordingSink other = subscribe(feed, "", AlertFilter.newBuilder().setText("nothing").build());
    feed.tick();
    String before = other.lastCursor();
    store.assign(1, "ada");
    store.store(0, 2);
    feed.tick();
    assertThat(other.alertIds()).isEmpty();
    assertThat(other.assignees()).containsExactly("ada");

    RecordingSink back = subscribe(before);
    feed.tick();
    assertThat(back.alertIds()).isEqualTo(ids(0, 2));
    assertThat(back.assignees()).containsExactly("ada");
    store.assign(1, "bob");
    feed.tick();
    assertThat(back.assignees()).containsExactly("ada", "bob");
    assertThat(other.assignees()).containsExactly("ada", "bob");
  }

  @Test
  void silenceIsBrokenByAHeartbeatWithTheTime() {
    RecordingSink client = subscribe("");
    feed.tick();
    clock.advance(Duration.ofMillis(4_900));
    feed.tick();
    assertThat(client.responses()).hasSize(1);
    clock.advance(Duration.ofMillis(100));
    feed.tick();
    assertThat(client.responses()).hasSize(2);
    assertThat(client.responses().get(1).getServerTimeMs()).isEqualTo(clock.millis());
  }

  @Test
  void anOwnCursorResumesExactlyWhereverItWasTaken() {
    RecordingSink witness = subscribe("");
    feed.tick();
    for (int n = 0; n < 6; n++) {
      store.store(n, n + 1);
      feed.tick();
    }
    List<String> cursors = witness.responses().stream().map(r -> r.getCursor()).toList();
    List<RecordingSink> resumed = cursors.stream().map(this::subscribe).toList();
    feed.tick();
    store.store(6, 8);
    feed.tick();
    for (int n = 0; n < resumed.size(); n++) {
      assertThat(resumed.get(n).alertIds()).isEqualTo(ids(n, 8));
    }
  }

  @Test
  void aCursorOfAnotherFeedCatchesUpAndJoinsWithoutGapOrDouble() {
    store.store(0, 1_000);
    RecordingSink live = subscribe("");
    feed.tick();
    RecordingSink moved = subscribe(FeedCursor.at("c100").text());
    int stored = 1_000;
    for (int tick = 0; tick < 20; tick++) {
      store.store(stored, stored + 7);
      stored += 7;
      feed.tick();
    }
    assertThat(live.alertIds()).isEqualTo(ids(1_000, stored));
    // The other feed's last rows may come again, but each only once.
    assertThat(moved.alertIds()).doesNotHaveDuplicates().endsWith("a" + (stored - 1));
    assertThat(moved.alertIds()).isEqualTo(ids(97, stored));
  }

  @Test
  void whatIsStoredBetweenTwoPollsOfATickIsDeliveredOnce() {
    store.store(0, 500);
    RecordingSink live = subscribe("");
    feed.tick();
    store.setGrowth(3);
    List<RecordingSink> moved =
        IntStream.range(0, 4)
            .mapToObj(n -> subscribe(FeedCursor.at("c" + n * 100).text()))
            .toList();
    for (int tick = 0; tick < 10; tick++) {
      feed.tick();
    }
    store.setGrowth(0);
    feed.tick();
    assertThat(live.alertIds()).isEqualTo(ids(500, store.size()));
    for (int n = 0; n < moved.size(); n++) {
      assertThat(moved.get(n).alertIds()).isEqualTo(ids(Math.max(0, n * 100 - 3), store.size()));
    }
  }

  @Test
  void whatIsNoLongerInTheHistoryIsReadFromTheStore() {
    RecordingSink first = subscribe("");
    feed.tick();
    String cursor = first.lastCursor();
    for (int n = 0; n < 5_000; n += 100) {
      store.store(n, n + 100);
      feed.tick();
    }
    RecordingSink late = subscribe(cursor);
    for (int tick = 0; tick < 40; tick++) {
      feed.tick();
    }
    store.store(5_000, 5_003);
    feed.tick();
    assertThat(late.alertIds()).isEqualTo(ids(0, 5_003));
  }

  @Test
  void afterALongPauseNothingIsLostOrRepeated() {
    RecordingSink client = subscribe("");
    feed.tick();
    store.store(0, 5);
    feed.tick();
    String cursor = client.lastCursor();
    clock.advance(Duration.ofMinutes(6));
    store.store(5, 9);

    RecordingSink back = subscribe(cursor);
    RecordingSink fresh = subscribe("");
    feed.tick();
    feed.tick();
    store.store(9, 10);
    feed.tick();
    assertThat(back.alertIds()).isEqualTo(ids(5, 10));
    assertThat(fresh.alertIds()).isEqualTo(ids(9, 10));
  }

  @Test
  void aSlowClientIsEndedAndMayResume() {
    RecordingSink slow = subscribe("");
    RecordingSink quick = subscribe("");
    feed.tick();
    String cursor = slow.lastCursor();
    slow.setReady(false);
    int stored = 0;
    while (slow.end().isOk()) {
      store.store(stored, stored + 200);
      stored += 200;
      feed.tick();
      assertThat(stored).as("the buffer has a bound").isLessThan(20_000);
    }
    assertThat(slow.end().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(quick.alertIds()).isEqualTo(ids(0, stored));

    RecordingSink again = subscribe(cursor);
    for (int tick = 0; tick < 40; tick++) {
      feed.tick();
    }
    assertThat(again.alertIds()).isEqualTo(ids(0, stored));
  }

  @Test
  void aShortOutageIsSilenceAndThenEverything() {
    RecordingSink client = subscribe("");
    feed.tick();
    store.setDown(true);
    store.store(0, 4);
    for (int second = 0; second < 20; second++) {
      clock.advance(Duration.ofSeconds(1));
      feed.tick();
    }
    assertThat(client.end().isOk()).isTrue();
    assertThat(client.responses()).hasSize(1);

    store.setDown(false);
    clock.advance(Duration.ofSeconds(1));
    feed.tick();
    assertThat(client.alertIds()).isEqualTo(ids(0, 4));
  }

  @Test
  void aLongOutageEndsTheStreamsAndACursorContinues() {
    RecordingSink client = subscribe("");
    feed.tick();
    store.setDown(true);
    for (int second = 0; second < 40; second++) {
      clock.advance(Duration.ofSeconds(1));
      feed.tick();
    }
    assertThat(client.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(feed.isWanted()).isFalse();

    store.setDown(false);
    store.store(0, 4);
    RecordingSink back = subscribe(client.lastCursor());
    clock.advance(Duration.ofSeconds(1));
    feed.tick();
    assertThat(back.alertIds()).isEqualTo(ids(0, 4));
  }

  @Test
  void aCursorThatTheStoreRefusesEndsOnlyItsStream() {
    RecordingSink good = subscribe("");
    RecordingSink bad = subscribe(FeedCursor.at("nonsense").text());
    feed.tick();
    assertThat(bad.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(good.end().isOk()).isTrue();
  }
}
