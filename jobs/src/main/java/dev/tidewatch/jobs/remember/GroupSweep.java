package dev.tidewatch.jobs.remember;

import dev.tidewatch.remember.GroupKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;

/**
 * Goes through a subtask's groups once, a slice at a time, while the stream goes on in between.
 *
 * <p>RocksDB's iterator sees the groups as they were when it began. The heap's must not be held
 * while groups change, so there the groups that are wanted are listed at once: a pass over
 * references, without reading a state.
 */
final class GroupSweep implements AutoCloseable {
  private final Stream<GroupKey> keys;
  private final Iterator<GroupKey> wanted;

  private GroupSweep(Stream<GroupKey> keys, Iterator<GroupKey> wanted) {
    this.keys = keys;
    this.wanted = wanted;
  }

  static GroupSweep over(
      KeyedStateBackend<GroupKey> backend, String state, Predicate<GroupKey> condition) {
    Stream<GroupKey> keys = backend.getKeys(state, VoidNamespace.INSTANCE);
    if (backend instanceof HeapKeyedStateBackend<?>) {
      List<GroupKey> found = new ArrayList<>();
      keys.forEach(
          key -> {
            if (condition.test(key)) {
              found.add(key);
            }
          });
      return new GroupSweep(keys, found.iterator());
    }
    return new GroupSweep(keys, keys.filter(condition).iterator());
  }

  /**
   * Hands on up to {@code most} groups.
   *
   * @return whether there may be more
   */
  boolean slice(int most, Consumer<GroupKey> action) {
    for (int i = 0; i < most; i++) {
      if (!wanted.hasNext()) {
        close();
        return false;
      }
      action.accept(wanted.next());
    }
    return true;
  }

  @Override
  public void close() {
    keys.close();
  }
}
