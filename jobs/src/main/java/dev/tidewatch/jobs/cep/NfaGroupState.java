package dev.tidewatch.jobs.cep;

import dev.tidewatch.pattern.machines.EventState;
import dev.tidewatch.pattern.machines.PatternEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.cep.nfa.NFAState;
import org.apache.flink.cep.nfa.NFAStateSerializer;
import org.apache.flink.cep.nfa.sharedbuffer.EventId;
import org.apache.flink.cep.nfa.sharedbuffer.Lockable;
import org.apache.flink.cep.nfa.sharedbuffer.NodeId;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBufferNode;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBufferNodeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/** One group's part of the NFA: its computation states, and what Flink's shared buffer holds. */
final class NfaGroupState extends EventState {
  static final int FORMAT = 200;
  private static final int MAX_BYTES = 256 << 20;
  private static final long BYTES_A_NODE = 200;
  private static final long BYTES_AN_EVENT = 350;

  private static final NFAStateSerializer STATES = new NFAStateSerializer();
  private static final TypeSerializer<EventId> EVENT_IDS = EventId.EventIdSerializer.INSTANCE;
  private static final TypeSerializer<NodeId> NODE_IDS = new NodeId.NodeIdSerializer();
  private static final TypeSerializer<Lockable<PatternEvent>> EVENTS =
      new Lockable.LockableTypeSerializer<>(PatternEventSerializer.INSTANCE);
  private static final TypeSerializer<Lockable<SharedBufferNode>> NODES =
      new Lockable.LockableTypeSerializer<>(new SharedBufferNodeSerializer());

  /** Null: nothing is under way. */
  @Nullable NFAState states;

  final Map<EventId, Lockable<PatternEvent>> events = new LinkedHashMap<>();
  final Map<NodeId, Lockable<SharedBufferNode>> nodes = new LinkedHashMap<>();
  final Map<Long, Integer> counts = new LinkedHashMap<>();

  /** Forgets what is under way. */
  void clear() {
    states = null;
    events.clear();
    nodes.clear();
    counts.clear();
  }

  @Override
  public int format() {
    return FORMAT;
  }

  @Override
  public long sizeBytes() {
    long partial = states == null ? 0 : states.getPartialMatches().size();
    return 400 + BYTES_A_NODE * (partial + nodes.size()) + BYTES_AN_EVENT * events.size();
  }

  @Override
  public void write(DataOutput out) throws IOException {
    writeInstant(out);
    DataOutputSerializer bytes = new DataOutputSerializer(1_024);
    bytes.writeBoolean(states != null);
    if (states != null) {
      STATES.serialize(states, bytes);
    }
    write(events, EVENT_IDS, EVENTS, bytes);
    write(nodes, NODE_IDS, NODES, bytes);
    bytes.writeInt(counts.size());
    for (Map.Entry<Long, Integer> count : counts.entrySet()) {
      bytes.writeLong(count.getKey());
      bytes.writeInt(count.getValue());
    }
    out.writeInt(bytes.length());
    out.write(bytes.getSharedBuffer(), 0, bytes.length());
  }

  private static <K, V> void write(
      Map<K, V> map, TypeSerializer<K> keys, TypeSerializer<V> values, DataOutputSerializer out)
      throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<K, V> entry : map.entrySet()) {
      keys.serialize(entry.getKey(), out);
      values.serialize(entry.getValue(), out);
    }
  }

  static NfaGroupState read(DataInput in) throws IOException {
    NfaGroupState state = new NfaGroupState();
    state.readInstant(in);
    int length = in.readInt();
    if (length < 0 || length > MAX_BYTES) {
      throw new IOException("no state of an NFA: " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    DataInputDeserializer source = new DataInputDeserializer(bytes);
    state.states = source.readBoolean() ? STATES.deserialize(source) : null;
    read(state.events, EVENT_IDS, EVENTS, source);
    read(state.nodes, NODE_IDS, NODES, source);
    for (int left = source.readInt(); left > 0; left--) {
      state.counts.put(source.readLong(), source.readInt());
    }
    return state;
  }

  private static <K, V> void read(
      Map<K, V> map, TypeSerializer<K> keys, TypeSerializer<V> values, DataInputDeserializer in)
      throws IOException {
    for (int left = in.readInt(); left > 0; left--) {
      map.put(keys.deserialize(in), values.deserialize(in));
    }
  }
}
