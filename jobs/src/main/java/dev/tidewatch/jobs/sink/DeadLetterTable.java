package dev.tidewatch.jobs.sink;

import dev.tidewatch.events.v1.DeadLetter;
import dev.tidewatch.store.ClickHouseEndpoint;
import dev.tidewatch.store.ClickHouseStore;
import dev.tidewatch.store.DeadLetterWriter;
import java.util.List;
import java.util.Optional;

/** Dead letters for the console. The Kafka topic keeps them, so a refused row needs no letter. */
record DeadLetterTable(ClickHouseEndpoint endpoint) implements StoreTable<DeadLetter> {
  @Override
  public String name() {
    return "dead_letters";
  }

  @Override
  public Rows<DeadLetter> open() {
    ClickHouseStore store = ClickHouseStore.connect(endpoint);
    DeadLetterWriter writer = store.deadLetterWriter();
    return new Rows<>() {
      @Override
      public void write(List<DeadLetter> rows) {
        writer.write(rows);
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }

  @Override
  public long size(DeadLetter row) {
    return DeadLetterWriter.encodedSize(row);
  }

  @Override
  public Optional<DeadLetter> refused(DeadLetter row, String reason) {
    return Optional.empty();
  }
}
