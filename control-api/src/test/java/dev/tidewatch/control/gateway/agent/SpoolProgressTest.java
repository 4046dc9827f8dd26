package dev.tidewatch.control.gateway.agent;

import static dev.tidewatch.control.gateway.agent.SpoolProgress.Admission.KNOWN;
import static dev.tidewatch.control.gateway.agent.SpoolProgress.Admission.NEW;
import static dev.tidewatch.control.gateway.agent.SpoolProgress.Admission.OUT_OF_TURN;
import static dev.tidewatch.control.gateway.agent.SpoolProgress.Admission.UNDER_WAY;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.gateway.agent.SpoolProgress.Attempt;
import dev.tidewatch.control.gateway.ingest.Ingest;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.ingest.v1.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpoolProgressTest {
  /** What has been opened, by its number. */
  private final Map<Long, Attempt> opened = new TreeMap<>();

  private final SpoolProgress progress = spool();
  private long turn = progress.attach();

  private SpoolProgress spool() {
    return new SpoolProgress("a", ByteString.EMPTY, 0, Silent::new, Runnable::run);
  }

  /** Kafka's answers are the test's. */
  private static final class Silent implements Ingest.Line {
    @Override
    public CompletableFuture<@Nullable Void> ingest(List<TelemetryEvent> events) {
      return new CompletableFuture<>();
    }
  }

  private SpoolProgress.Admission admit(long sequence) {
    return progress.admit(turn, sequence, attempt -> opened.put(sequence, attempt));
  }

  private Attempt attempt(long sequence) {
    Attempt attempt = opened.get(sequence);
    assertThat(attempt).isNotNull();
    return attempt;
  }

  @Test
  void acknowledgementsWaitForAllBefore() {
    assertThat(admit(1)).isEqualTo(NEW);
    assertThat(admit(2)).isEqualTo(NEW);
    assertThat(admit(5)).isEqualTo(NEW);
    Refusal refusal = Refusal.newBuilder().setSequence(5).build();
    assertThat(progress.settled(attempt(5), List.of(refusal)).sequence()).isZero();
    assertThat(progress.settled(attempt(2), List.of()).sequence()).isZero();
    SpoolProgress.Advance advance = progress.settled(attempt(1), List.of());
    assertThat(advance.sequence()).isEqualTo(5);
    assertThat(advance.refusals()).containsExactly(refusal);
    assertThat(admit(3)).isEqualTo(KNOWN);
    assertThat(progress.standing().sequence()).isEqualTo(5);
  }

  @Test
  void whatIsNotAcknowledgedWhenOneFailsComesAgainInOrderOnALineOfItsOwn() {
    admit(1);
    admit(2);
    admit(3);
    Attempt firstOfThree = attempt(3);
    progress.settled(attempt(1), List.of());
    progress.settled(attempt(3), List.of());
    assertThat(progress.failed(attempt(2))).isTrue();
    assertThat(progress.isPending(attempt(3))).isFalse();
    turn = progress.attach();
    assertThat(admit(1)).isEqualTo(KNOWN);
    assertThat(admit(2)).isEqualTo(NEW);
    assertThat(admit(3)).isEqualTo(NEW);
    assertThat(admit(3)).isEqualTo(UNDER_WAY);
    assertThat(attempt(2).line()).isSameAs(attempt(3).line()).isNotSameAs(firstOfThree.line());
    // Kafka's late answers for the first sending say nothing about the second.
    assertThat(progress.settled(firstOfThree, List.of()).sequence()).isEqualTo(1);
    assertThat(progress.failed(firstOfThree)).isFalse();
    assertThat(progress.settled(attempt(2), List.of()).sequence()).isEqualTo(2);
    assertThat(progress.settled(attempt(3), List.of()).sequence()).isEqualTo(3);
  }

  @Test
  void nothingComesBehindABatchThatFailedBeforeItDoes() {
    admit(1);
    progress.failed(attempt(1));
    // It was under way on the stream that is about to end; taken, it would hide that 1 is missing.
    assertThat(admit(2)).isEqualTo(OUT_OF_TURN);
    assertThat(opened).doesNotContainKey(2L);
    turn = progress.attach();
    assertThat(admit(1)).isEqualTo(NEW);
  }

  @Test
  void onlyTheNewestStreamBringsBatches() {
    long older = turn;
    admit(1);
    turn = progress.attach();
    assertThat(progress.admit(older, 2, attempt -> {})).isEqualTo(OUT_OF_TURN);
    assertThat(admit(1)).isEqualTo(UNDER_WAY);
    assertThat(admit(2)).isEqualTo(NEW);
    assertThat(attempt(1).line()).isSameAs(attempt(2).line());
  }

  @Test
  void whatTwoStreamsBringIsOpenedOneAfterTheOther() {
    Deque<Runnable> workers = new ArrayDeque<>();
    List<Long> order = new ArrayList<>();
    SpoolProgress spool = new SpoolProgress("a", ByteString.EMPTY, 0, Silent::new, workers::add);
    spool.admit(spool.attach(), 1, attempt -> order.add(1L));
    spool.admit(spool.attach(), 2, attempt -> order.add(2L));
    assertThat(workers).as("one worker at a time for one spool").hasSize(1);
    while (!workers.isEmpty()) {
      workers.remove().run();
    }
    assertThat(order).containsExactly(1L, 2L);
  }

  @Test
  void nothingIsAcknowledgedThatHasNotSettledHoweverItFails() {
    Random random = new Random(11);
    for (int round = 0; round < 500; round++) {
      SpoolProgress spool = spool();
      long turn = spool.attach();
      TreeMap<Long, Attempt> open = new TreeMap<>();
      TreeSet<Long> settled = new TreeSet<>();
      long next = 1;
      for (int step = 0; step < 60; step++) {
        int choice = random.nextInt(4);
        if (choice <= 1) {
          long sequence = next++;
          assertThat(spool.admit(turn, sequence, attempt -> open.put(sequence, attempt)))
              .isEqualTo(NEW);
        } else if (!open.isEmpty()) {
          long sequence =
              open.keySet().stream().skip(random.nextInt(open.size())).findFirst().orElseThrow();
          Attempt attempt = open.remove(sequence);
          if (choice == 2) {
            settled.add(sequence);
            long acknowledged = spool.settled(attempt, List.of()).sequence();
            for (long s = 1; s <= acknowledged; s++) {
              assertThat(settled).contains(s);
            }
          } else {
            assertThat(spool.failed(attempt)).isTrue();
            long acknowledged = spool.standing().sequence();
            open.clear();
            settled.tailSet(acknowledged, false).clear();
            next = acknowledged + 1;
            turn = spool.attach();
          }
        }
      }
    }
  }
}
