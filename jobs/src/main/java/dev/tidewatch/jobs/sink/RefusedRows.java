package dev.tidewatch.jobs.sink;

import dev.tidewatch.events.v1.DeadLetter;
import java.io.Serializable;

/** Where rows go that ClickHouse refuses. */
interface RefusedRows extends AutoCloseable {
  /** Returns when the letter is durable, however long that takes. */
  void keep(DeadLetter letter) throws InterruptedException;

  @Override
  void close();

  /** Opens one, in the process of the sink. */
  interface Factory extends Serializable {
    RefusedRows open();
  }
}
