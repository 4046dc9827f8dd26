package dev.tidewatch.jobs.sink;

import dev.tidewatch.events.v1.DeadLetter;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** One ClickHouse table as {@link StoreSink} fills it. */
public interface StoreTable<T> extends Serializable {
  /** The table's name, for threads, metrics and logs. */
  String name();

  /**
   * A writer of its own. Called in the thread that uses it, again when it fails.
   *
   * @throws dev.tidewatch.store.StoreUnavailableException retry
   */
  Rows<T> open();

  /** About how many bytes {@code row} takes. */
  long size(T row);

  /** The dead letter that keeps a row which the table refuses; empty when there is nothing to. */
  Optional<DeadLetter> refused(T row, String reason);

  /** An open table. One thread at a time. */
  interface Rows<T> extends AutoCloseable {
    /**
     * Stores all rows and returns when they are durable.
     *
     * @throws dev.tidewatch.store.StoreUnavailableException retry the same rows
     * @throws dev.tidewatch.store.StoreRejectedException a row is refused; none counts as stored
     */
    void write(List<T> rows);

    @Override
    void close();
  }
}
