package dev.tidewatch.jobs.sink;

import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.DeadLetter;
import dev.tidewatch.jobs.source.DeadLetterCodes;
import dev.tidewatch.store.AlertWriter;
import dev.tidewatch.store.ClickHouseEndpoint;
import dev.tidewatch.store.ClickHouseStore;
import java.util.List;
import java.util.Optional;

/**
 * The table {@code alerts}.
 *
 * @param topic Kafka topic that also has the alerts, named in dead letters
 */
record AlertTable(ClickHouseEndpoint endpoint, String topic) implements StoreTable<Alert> {
  @Override
  public String name() {
    return "alerts";
  }

  @Override
  public Rows<Alert> open() {
    ClickHouseStore store = ClickHouseStore.connect(endpoint);
    AlertWriter writer = store.alertWriter();
    return new Rows<>() {
      @Override
      public void write(List<Alert> rows) {
        writer.write(rows);
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }

  @Override
  public long size(Alert row) {
    return AlertWriter.encodedSize(row);
  }

  /** The letter's record is the alert itself. */
  @Override
  public Optional<DeadLetter> refused(Alert row, String reason) {
    return Optional.of(
        DeadLetter.newBuilder()
            .setCode(DeadLetterCodes.ALERT_REFUSED)
            .setReason("alert " + row.getAlertId() + ": " + reason)
            .setTopic(topic)
            .setPartition(-1)
            .setTimeUs(row.getDetectedTimeUs())
            .setTenantId(row.getTenantId())
            .setRecord(row.toByteString())
            .build());
  }
}
