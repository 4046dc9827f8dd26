package dev.tidewatch.jobs.cep;

import dev.tidewatch.pattern.machines.PatternEvent;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.AggregatingState;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReducingState;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.cep.nfa.sharedbuffer.EventId;
import org.apache.flink.cep.nfa.sharedbuffer.Lockable;
import org.apache.flink.cep.nfa.sharedbuffer.NodeId;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBufferNode;

/**
 * Where one shared buffer finds the maps of many groups, one group after the other. The buffer asks
 * for its three maps when it is made, in the order events, nodes, counts.
 */
final class GroupStore implements KeyedStateStore {
  private final GroupMap<EventId, Lockable<PatternEvent>> events = new GroupMap<>();
  private final GroupMap<NodeId, Lockable<SharedBufferNode>> nodes = new GroupMap<>();
  private final GroupMap<Long, Integer> counts = new GroupMap<>();
  private final List<GroupMap<?, ?>> toGive = new ArrayList<>(List.of(events, nodes, counts));

  void show(NfaGroupState state) {
    events.show(state.events);
    nodes.show(state.nodes);
    counts.show(state.counts);
  }

  @Override
  @SuppressWarnings("unchecked") // the order is the shared buffer's; a test holds it
  public <K, V> MapState<K, V> getMapState(MapStateDescriptor<K, V> descriptor) {
    return (MapState<K, V>) toGive.remove(0);
  }

  private static UnsupportedOperationException none() {
    return new UnsupportedOperationException("the shared buffer keeps maps only");
  }

  @Override
  public <T> ValueState<T> getState(ValueStateDescriptor<T> descriptor) {
    throw none();
  }

  @Override
  public <T> ListState<T> getListState(ListStateDescriptor<T> descriptor) {
    throw none();
  }

  @Override
  public <T> ReducingState<T> getReducingState(ReducingStateDescriptor<T> descriptor) {
    throw none();
  }

  @Override
  public <I, A, O> AggregatingState<I, O> getAggregatingState(
      AggregatingStateDescriptor<I, A, O> descriptor) {
    throw none();
  }

  @Override
  public <T> org.apache.flink.api.common.state.v2.ValueState<T> getValueState(
      org.apache.flink.api.common.state.v2.ValueStateDescriptor<T> descriptor) {
    throw none();
  }

  @Override
  public <T> org.apache.flink.api.common.state.v2.ListState<T> getListState(
      org.apache.flink.api.common.state.v2.ListStateDescriptor<T> descriptor) {
    throw none();
  }

  @Override
  public <K, V> org.apache.flink.api.common.state.v2.MapState<K, V> getMapState(
      org.apache.flink.api.common.state.v2.MapStateDescriptor<K, V> descriptor) {
    throw none();
  }

  @Override
  public <T> org.apache.flink.api.common.state.v2.ReducingState<T> getReducingState(
      org.apache.flink.api.common.state.v2.ReducingStateDescriptor<T> descriptor) {
    throw none();
  }

  @Override
  public <I, A, O> org.apache.flink.api.common.state.v2.AggregatingState<I, O> getAggregatingState(
      org.apache.flink.api.common.state.v2.AggregatingStateDescriptor<I, A, O> descriptor) {
    throw none();
  }

  @Override
  public String getBackendTypeIdentifier() {
    return "hashmap";
  }
}
