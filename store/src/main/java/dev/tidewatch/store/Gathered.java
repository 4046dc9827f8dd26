package dev.tidewatch.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lookups by key, asked together when they come together, as a database commits in groups: while
 * one query is under way, those that come wait, and the next query asks for all of them. A query by
 * key costs the server milliseconds before it reads anything, and little more for ten keys than for
 * one; so the load that makes callers wait is what makes each of them cheap. Alone, a lookup is a
 * query at once. No answer is older than its question. Thread-safe.
 */
final class Gathered<K, V> {
  /** What is known of some keys of a tenant; keys of which nothing is known are left out. */
  interface Lookup<K, V> {
    Map<K, V> of(String tenantId, Collection<K> keys);
  }

  private record Asked<K, V>(
      String tenantId, Collection<K> keys, CompletableFuture<Map<K, V>> answer) {}

  private final Lookup<K, V> lookup;
  private final int most;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final List<Asked<K, V>> waiting = new ArrayList<>();

  /**
   * @param most keys of several callers in one lookup; a single caller may ask for more
   */
  Gathered(Lookup<K, V> lookup, int most) {
    this.lookup = lookup;
    this.most = most;
  }

  /** May answer more keys than were asked for. */
  Map<K, V> of(String tenantId, Collection<K> keys) {
    Asked<K, V> mine = new Asked<>(tenantId, keys, new CompletableFuture<>());
    synchronized (waiting) {
      waiting.add(mine);
    }
    turn.lock();
    try {
      if (!mine.answer.isDone()) {
        ask(together(mine));
      }
    } finally {
      turn.unlock();
    }
    try {
      return mine.answer.join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  /** Callers that wait for the lookup under way to end. */
  int waiting() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  /** {@code first} and those of its tenant that wait too, as many as one lookup takes. */
  private List<Asked<K, V>> together(Asked<K, V> first) {
    List<Asked<K, V>> together = new ArrayList<>(List.of(first));
    int keys = first.keys.size();
    synchronized (waiting) {
      waiting.remove(first);
      for (Iterator<Asked<K, V>> all = waiting.iterator(); all.hasNext(); ) {
        Asked<K, V> next = all.next();
        if (next.tenantId.equals(first.tenantId) && keys + next.keys.size() <= most) {
          keys += next.keys.size();
          together.add(next);
          all.remove();
        }
      }
    }
    return together;
  }

  private void ask(List<Asked<K, V>> together) {
    Set<K> keys = new LinkedHashSet<>();
    together.forEach(asked -> keys.addAll(asked.keys));
    try {
      Map<K, V> found = lookup.of(together.get(0).tenantId, keys);
      together.forEach(asked -> asked.answer.complete(found));
    } catch (RuntimeException failure) {
      together.forEach(asked -> asked.answer.completeExceptionally(failure));
      if (failure instanceof StoreUnavailableException) {
        // Nobody waits for one timeout after another.
        failWaiting(failure);
      }
    }
  }

  private void failWaiting(RuntimeException failure) {
    synchronized (waiting) {
      waiting.forEach(asked -> asked.answer.completeExceptionally(failure));
      waiting.clear();
    }
  }
}
