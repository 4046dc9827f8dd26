package dev.tidewatch.jobs.cep;

import dev.tidewatch.pattern.machines.PatternEvent;
import dev.tidewatch.remember.GroupState;
import dev.tidewatch.remember.Match;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes events into the shared buffer's maps. */
final class PatternEventSerializer extends TypeSerializerSingleton<PatternEvent> {
  static final PatternEventSerializer INSTANCE = new PatternEventSerializer();
  private static final long serialVersionUID = 1;

  PatternEventSerializer() {}

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public PatternEvent createInstance() {
    return new PatternEvent(new Match(0, 0, 0, 0, new String[0], new String[0]));
  }

  @Override
  public PatternEvent copy(PatternEvent from) {
    return from;
  }

  @Override
  public PatternEvent copy(PatternEvent from, PatternEvent reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(PatternEvent event, DataOutputView target) throws IOException {
    target.writeByte(event.matches().length);
    for (Match match : event.matches()) {
      GroupState.write(match, target);
    }
  }

  @Override
  public PatternEvent deserialize(DataInputView source) throws IOException {
    Match[] matches = new Match[source.readByte()];
    for (int i = 0; i < matches.length; i++) {
      matches[i] = GroupState.readMatch(source);
    }
    return new PatternEvent(matches);
  }

  @Override
  public PatternEvent deserialize(PatternEvent reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<PatternEvent> snapshotConfiguration() {
    return new Snapshot();
  }

  /** The serializer has no configuration. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<PatternEvent> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
