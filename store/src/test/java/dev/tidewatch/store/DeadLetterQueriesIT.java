package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.v1.DeadLetterCount;
import dev.tidewatch.control.v1.DeadLetterSample;
import dev.tidewatch.control.v1.ListDeadLettersResponse;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.events.v1.DeadLetter;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeadLetterQueriesIT {
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();

  private static ClickHouseStore store;
  private static DeadLetterQueries letters;

  @BeforeAll
  static void fill() {
    store =
        ClickHouseStore.connect(
            ClickHouseEndpoint.of(CLICKHOUSE.url()).withDatabase("dead_letter_queries"));
    store.migrate();
    store
        .deadLetterWriter()
        .write(
            List.of(
                letter("acme", "TW-E4001", 1, "{\"broken"),
                letter("acme", "TW-E4003", 2, "é".repeat(3_000)),
                letter("acme", "TW-E4001", 1, "{\"broken"),
                letter("other", "TW-E4001", 3, "secret of another"),
                letter("", "TW-E4002", 4, "\u0000no envelope")));
    letters = store.deadLetterQueries();
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void aTenantSeesItsOwnWithTheirBeginning() {
    ListDeadLettersResponse told = letters.list("acme", false, "", 50);
    assertThat(told.getDeadLettersList())
        .extracting(DeadLetterSample::getOffset)
        .containsExactly(2L, 1L);
    assertThat(told.getDeadLetters(1).getSample()).isEqualTo("{\"broken");
    assertThat(told.getDeadLetters(1).getRecordBytes()).isEqualTo(8);
    assertThat(told.getDeadLetters(0).getRecordBytes()).isEqualTo(6_000);
    assertThat(told.getDeadLetters(0).getSample()).matches("é{1023,1024}");
    assertThat(told.getCodesList())
        .extracting(DeadLetterCount::getCode, DeadLetterCount::getCount)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("TW-E4001", 1L),
            org.assertj.core.groups.Tuple.tuple("TW-E4003", 1L));
  }

  @Test
  void operatorsSeeThoseWithoutATenantToo() {
    assertThat(letters.list("acme", true, "", 50).getDeadLettersList())
        .extracting(DeadLetterSample::getTenantId)
        .containsExactly("", "acme", "acme");
  }

  @Test
  void aCodeIsAFilterAndNoSql() {
    assertThat(letters.list("acme", false, "TW-E4003", 50).getDeadLettersCount()).isEqualTo(1);
    assertThat(letters.list("acme", false, "' OR 1=1 --", 50).getDeadLettersCount()).isZero();
    assertThat(letters.list("acme", false, "", 1).getDeadLettersCount()).isEqualTo(1);
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> letters.list("acme", false, "", 0))
        .withMessageContaining("limit");
  }

  private static DeadLetter letter(String tenant, String code, long offset, String record) {
    return DeadLetter.newBuilder()
        .setCode(code)
        .setReason("why " + offset)
        .setTopic("telemetry")
        .setPartition(0)
        .setOffset(offset)
        .setTimeUs(TestEvents.micros(TestEvents.START.plusSeconds(offset)))
        .setTenantId(tenant)
        .setRecord(ByteString.copyFromUtf8(record))
        .build();
  }
}
