package dev.tidewatch.jobs.sink;

import dev.tidewatch.events.v1.DeadLetter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A table of strings in memory that fails when told to. */
final class FakeTable implements StoreTable<String> {
  private static final long serialVersionUID = 1L;
  final transient List<String> stored = new CopyOnWriteArrayList<>();
  final transient List<Integer> batches = new CopyOnWriteArrayList<>();
  final transient Deque<Supplier<RuntimeException>> failures = new ArrayDeque<>();
  transient Predicate<String> refuses = row -> false;
  transient int opened;
  transient int closed;

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public Rows<String> open() {
    opened++;
    return new Rows<>() {
      @Override
      public void write(List<String> rows) {
        Supplier<RuntimeException> failure = failures.poll();
        if (failure != null) {
          throw failure.get();
        }
        if (rows.stream().anyMatch(refuses)) {
          throw new dev.tidewatch.store.StoreRejectedException("cannot parse", 27, null);
        }
        batches.add(rows.size());
        stored.addAll(new ArrayList<>(rows));
      }

      @Override
      public void close() {
        closed++;
      }
    };
  }

  @Override
  public long size(String row) {
    return row.length();
  }

  @Override
  public Optional<DeadLetter> refused(String row, String reason) {
    return Optional.of(DeadLetter.newBuilder().setCode(row).setReason(reason).build());
  }
}
