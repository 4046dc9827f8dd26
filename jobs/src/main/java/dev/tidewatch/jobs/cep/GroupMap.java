package dev.tidewatch.jobs.cep;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.jspecify.annotations.Nullable;

/** Shows the shared buffer a plain map of the group whose turn it is. */
final class GroupMap<K, V> implements MapState<K, V> {
  private Map<K, V> map = new HashMap<>();

  void show(Map<K, V> ofGroup) {
    map = ofGroup;
  }

  @Override
  @SuppressWarnings("NullAway") // Flink's state gives null for absent keys, unannotated
  public @Nullable V get(K key) {
    return map.get(key);
  }

  @Override
  public void put(K key, V value) {
    map.put(key, value);
  }

  @Override
  public void putAll(Map<K, V> more) {
    map.putAll(more);
  }

  @Override
  public void remove(K key) {
    map.remove(key);
  }

  @Override
  public boolean contains(K key) {
    return map.containsKey(key);
  }

  @Override
  public Iterable<Map.Entry<K, V>> entries() {
    return map.entrySet();
  }

  @Override
  public Iterable<K> keys() {
    return map.keySet();
  }

  @Override
  public Iterable<V> values() {
    return map.values();
  }

  @Override
  public Iterator<Map.Entry<K, V>> iterator() {
    return map.entrySet().iterator();
  }

  @Override
  public boolean isEmpty() {
    return map.isEmpty();
  }

  @Override
  public void clear() {
    map.clear();
  }
}
