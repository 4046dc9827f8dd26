package dev.tidewatch.jobs.remember;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.v1.Alert;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RateCeilingTest {
  private static final long NOON = 1_772_366_400_000_000L;
  private static final long SECOND = 1_000_000;
  private KeyedOneInputStreamOperatorTestHarness<String, Tuple2<Boolean, Alert>, Alert> ceiling;

  @BeforeEach
  void open() throws Exception {
    ceiling =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new RateCeiling(3)), RateCeiling::key, Types.STRING);
    ceiling.open();
  }

  @AfterEach
  void close() throws Exception {
    ceiling.close();
  }

  private void send(boolean first, String rule, String alert, long micros, long count)
      throws Exception {
    Alert made =
        Alert.newBuilder()
            .setTenantId("acme")
            .setRuleId(rule)
            .setAlertId(alert)
            .setTimeUs(micros)
            .setCount(count)
            .build();
    ceiling.processElement(new StreamRecord<>(Tuple2.of(first, made), micros / 1_000));
  }

  private List<String> passed() {
    return ceiling.extractOutputValues().stream()
        .map(a -> a.getRuleId().startsWith(HealthAlerts.PREFIX) ? a.getRuleId() : a.getAlertId())
        .toList();
  }

  @Test
  void whatIsBeyondIsHeldBackAndToldOnce() throws Exception {
    for (int i = 1; i <= 6; i++) {
      send(true, "noisy", "a" + i, NOON + i * SECOND, 1);
    }
    send(true, "calm", "c1", NOON, 1);

    assertThat(passed()).containsExactly("a1", "a2", "a3", "tidewatch-health/rate", "c1");
    Alert health = ceiling.extractOutputValues().get(3);
    assertThat(health.getReason()).contains("noisy", "3 alerts");
    assertThat(health.getTenantId()).isEqualTo("acme");
  }

  @Test
  void updatesFollowTheirEpisode() throws Exception {
    for (int i = 1; i <= 4; i++) {
      send(true, "noisy", "a" + i, NOON + i * SECOND, 1);
    }
    send(false, "noisy", "a1", NOON + SECOND, 2);
    send(false, "noisy", "a4", NOON + 4 * SECOND, 2);

    assertThat(passed()).containsExactly("a1", "a2", "a3", "tidewatch-health/rate", "a1");
  }

  @Test
  void theNextMinuteBeginsAnewAndNothingIsKeptForEver() throws Exception {
    for (int minute = 0; minute < 3; minute++) {
      for (int i = 1; i <= 3; i++) {
        send(true, "noisy", "m" + minute + i, NOON + (minute * 60L + i) * SECOND, 1);
      }
    }
    assertThat(passed()).hasSize(9);
    ceiling.processWatermark((NOON + 600 * SECOND) / 1_000);
    assertThat(ceiling.numKeyedStateEntries()).isZero();
    assertThat(ceiling.numEventTimeTimers()).isZero();
  }
}
