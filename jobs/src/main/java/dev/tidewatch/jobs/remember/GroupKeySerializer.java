package dev.tidewatch.jobs.remember;

import dev.tidewatch.jobs.types.OpaqueTypeInfo;
import dev.tidewatch.remember.GroupKey;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Tenant, rule id, rule version, values. Tenants and rule ids are few: all keys share their texts.
 * Equal keys have equal bytes, as RocksDB needs; so the form never changes, a new one would be a
 * new serializer.
 */
final class GroupKeySerializer extends ImmutableSerializer<GroupKey> {
  private static final long serialVersionUID = 1L;
  private static final int MOST_SHARED = 10_000;
  static final TypeInformation<GroupKey> TYPE =
      OpaqueTypeInfo.ofKey(GroupKey.class, new GroupKeySerializer());

  private transient @Nullable Map<String, String> shared;

  @Override
  public void serialize(GroupKey key, DataOutputView target) throws IOException {
    key.write(target);
  }

  @Override
  public GroupKey deserialize(DataInputView source) throws IOException {
    return GroupKey.read(source, this::share);
  }

  private String share(String text) {
    Map<String, String> known = shared;
    if (known == null || known.size() > MOST_SHARED) {
      known = new HashMap<>();
      shared = known;
    }
    String same = known.putIfAbsent(text, text);
    return same == null ? text : same;
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializer<GroupKey> duplicate() {
    return new GroupKeySerializer();
  }

  @Override
  public GroupKey createInstance() {
    return new GroupKey("", "", 0);
  }

  @Override
  public TypeSerializerSnapshot<GroupKey> snapshotConfiguration() {
    return new Snapshot();
  }

  /** There is nothing to say but the class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<GroupKey> {
    public Snapshot() {
      super(GroupKeySerializer::new);
    }
  }
}
