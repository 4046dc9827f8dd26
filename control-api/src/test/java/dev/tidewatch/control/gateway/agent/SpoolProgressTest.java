package dev.tidewatch.control.gateway.agent;

import static dev.tidewatch.control.gateway.agent.SpoolProgress.Admission.KNOWN;
import static dev.tidewatch.control.gateway.agent.SpoolProgress.Admission.NEW;
import static dev.tidewatch.control.gateway.agent.SpoolProgress.Admission.UNDER_WAY;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidewatch.ingest.v1.Refusal;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SpoolProgressTest {
  private final SpoolProgress progress = new SpoolProgress("a", ByteString.EMPTY, 0);

  @Test
  void acknowledgementsWaitForAllBefore() {
    assertThat(progress.admit(1)).isEqualTo(NEW);
    assertThat(progress.admit(2)).isEqualTo(NEW);
    assertThat(progress.admit(5)).isEqualTo(NEW);
    Refusal refusal = Refusal.newBuilder().setSequence(5).build();
    assertThat(progress.settled(5, List.of(refusal)).sequence()).isZero();
    assertThat(progress.settled(2, List.of()).sequence()).isZero();
    SpoolProgress.Advance advance = progress.settled(1, List.of());
    assertThat(advance.sequence()).isEqualTo(5);
    assertThat(advance.refusals()).containsExactly(refusal);
    assertThat(progress.admit(3)).isEqualTo(KNOWN);
  }

  @Test
  void whatFailedAndAllBehindItComesAgain() {
    progress.admit(1);
    progress.admit(2);
    progress.admit(3);
    progress.settled(3, List.of());
    progress.failed(2);
    assertThat(progress.admit(1)).isEqualTo(UNDER_WAY);
    assertThat(progress.admit(2)).isEqualTo(NEW);
    assertThat(progress.admit(3)).isEqualTo(NEW);
    assertThat(progress.settled(1, List.of()).sequence()).isEqualTo(1);
    assertThat(progress.settled(2, List.of()).sequence()).isEqualTo(2);
    // Kafka's late answer for the first sending of what was sent again.
    assertThat(progress.settled(3, List.of()).sequence()).isEqualTo(3);
  }

  @Test
  void nothingIsAcknowledgedThatHasNotSettledHoweverItFails() {
    Random random = new Random(11);
    for (int round = 0; round < 500; round++) {
      SpoolProgress spool = new SpoolProgress("a", ByteString.EMPTY, 0);
      TreeSet<Long> open = new TreeSet<>();
      TreeSet<Long> settled = new TreeSet<>();
      long next = 1;
      for (int step = 0; step < 60; step++) {
        int choice = random.nextInt(4);
        if (choice <= 1) {
          long sequence = next++;
          assertThat(spool.admit(sequence)).isEqualTo(NEW);
          open.add(sequence);
        } else if (!open.isEmpty()) {
          long sequence = open.stream().skip(random.nextInt(open.size())).findFirst().orElseThrow();
          if (choice == 2) {
            open.remove(sequence);
            settled.add(sequence);
            long acknowledged = spool.settled(sequence, List.of()).sequence();
            for (long s = 1; s <= acknowledged; s++) {
              assertThat(settled).contains(s);
            }
          } else {
            spool.failed(sequence);
            open.tailSet(sequence, true).clear();
            settled.tailSet(sequence, true).clear();
            next = sequence;
          }
        }
      }
    }
  }
}
