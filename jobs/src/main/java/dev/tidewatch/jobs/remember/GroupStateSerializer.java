package dev.tidewatch.jobs.remember;

import dev.tidewatch.remember.GroupState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * State of groups. Each state begins with the version of its own form and names the form of its
 * machine's, so states that older code wrote are read without a migration.
 */
final class GroupStateSerializer extends TypeSerializer<GroupState> {
  private static final long serialVersionUID = 1L;

  @Override
  public void serialize(GroupState state, DataOutputView target) throws IOException {
    state.write(target);
  }

  @Override
  public GroupState deserialize(DataInputView source) throws IOException {
    return GroupState.read(source);
  }

  @Override
  public GroupState deserialize(GroupState reuse, DataInputView source) throws IOException {
    return GroupState.read(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    GroupState.read(source).write(target);
  }

  /** The heap backend copies what is changed while a checkpoint is being written. */
  @Override
  public GroupState copy(GroupState from) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
      from.write(new DataOutputStream(bytes));
      return GroupState.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    } catch (IOException e) {
      throw new UncheckedIOException("a state cannot read what it wrote", e);
    }
  }

  @Override
  public GroupState copy(GroupState from, GroupState reuse) {
    return copy(from);
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public TypeSerializer<GroupState> duplicate() {
    return this;
  }

  @Override
  public GroupState createInstance() {
    return new GroupState();
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GroupStateSerializer;
  }

  @Override
  public int hashCode() {
    return GroupStateSerializer.class.hashCode();
  }

  @Override
  public TypeSerializerSnapshot<GroupState> snapshotConfiguration() {
    return new Snapshot();
  }

  /** There is nothing to say but the class: versions stand in the states. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<GroupState> {
    public Snapshot() {
      super(GroupStateSerializer::new);
    }
  }
}
