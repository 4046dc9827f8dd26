package dev.tidewatch.jobs.remember;

import dev.tidewatch.jobs.types.OpaqueTypeInfo;
import dev.tidewatch.remember.GroupState;
import dev.tidewatch.remember.Match;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** Format 1: version byte, revision, key, match. Between operators only, never in state. */
final class StatefulMatchSerializer extends ImmutableSerializer<StatefulMatch> {
  private static final long serialVersionUID = 1L;
  private static final byte FORMAT = 1;
  static final TypeInformation<StatefulMatch> TYPE =
      OpaqueTypeInfo.of(StatefulMatch.class, new StatefulMatchSerializer());

  private final GroupKeySerializer keys = new GroupKeySerializer();

  @Override
  public void serialize(StatefulMatch match, DataOutputView target) throws IOException {
    target.writeByte(FORMAT);
    target.writeLong(match.revision());
    keys.serialize(match.key(), target);
    GroupState.write(match.match(), target);
  }

  @Override
  public StatefulMatch deserialize(DataInputView source) throws IOException {
    byte format = source.readByte();
    if (format != FORMAT) {
      throw new IOException("StatefulMatch in format " + format + ", this reads " + FORMAT);
    }
    return new StatefulMatch(
        source.readLong(), keys.deserialize(source), GroupState.readMatch(source));
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializer<StatefulMatch> duplicate() {
    return new StatefulMatchSerializer();
  }

  @Override
  public StatefulMatch createInstance() {
    return new StatefulMatch(
        0, keys.createInstance(), new Match(0, 0, 0, 0, new @Nullable String[0], new String[0]));
  }

  @Override
  public TypeSerializerSnapshot<StatefulMatch> snapshotConfiguration() {
    return new Snapshot();
  }

  /** There is nothing to say but the class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<StatefulMatch> {
    public Snapshot() {
      super(StatefulMatchSerializer::new);
    }
  }
}
