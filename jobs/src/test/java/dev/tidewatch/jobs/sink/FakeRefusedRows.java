package dev.tidewatch.jobs.sink;

import dev.tidewatch.events.v1.DeadLetter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps letters in memory. */
final class FakeRefusedRows implements RefusedRows {
  final List<DeadLetter> letters = new CopyOnWriteArrayList<>();
  boolean closed;

  @Override
  public void keep(DeadLetter letter) {
    letters.add(letter);
  }

  @Override
  public void close() {
    closed = true;
  }
}
