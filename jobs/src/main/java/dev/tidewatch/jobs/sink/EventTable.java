package dev.tidewatch.jobs.sink;

import dev.tidewatch.events.v1.DeadLetter;
import dev.tidewatch.jobs.source.DeadLetterCodes;
import dev.tidewatch.jobs.source.InboundRecord;
import dev.tidewatch.store.ClickHouseEndpoint;
import dev.tidewatch.store.ClickHouseStore;
import dev.tidewatch.store.EventWriter;
import dev.tidewatch.store.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code events}; takes records that are events. */
record EventTable(ClickHouseEndpoint endpoint, DeadLetterRecords letters)
    implements StoreTable<InboundRecord> {
  @Override
  public String name() {
    return "events";
  }

  @Override
  public Rows<InboundRecord> open() {
    ClickHouseStore store = ClickHouseStore.connect(endpoint);
    EventWriter writer = store.eventWriter();
    return new Rows<>() {
      @Override
      public void write(List<InboundRecord> rows) {
        writer.write(events(rows));
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }

  private static List<StoredEvent> events(List<InboundRecord> records) {
    List<StoredEvent> events = new ArrayList<>(records.size());
    for (InboundRecord record : records) {
      StoredEvent event = record.event();
      if (event != null) {
        events.add(event);
      }
    }
    return events;
  }

  @Override
  public long size(InboundRecord row) {
    return row.size();
  }

  @Override
  public Optional<DeadLetter> refused(InboundRecord row, String reason) {
    StoredEvent event = row.event();
    String tenant = event == null ? "" : event.envelope().getTenantId();
    return Optional.of(letters.letter(row, DeadLetterCodes.EVENT_REFUSED, reason, tenant));
  }
}
