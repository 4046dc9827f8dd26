package dev.tidewatch.jobs.sink;

import com.google.protobuf.Internal;
import com.google.protobuf.MessageLite;
import dev.tidewatch.jobs.types.OpaqueTypeInfo;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.util.InstantiationUtil;
import org.jspecify.annotations.Nullable;

/** Length and protobuf bytes. Fields that a newer writer added survive. */
public final class ProtobufSerializer<T extends MessageLite> extends TypeSerializer<T> {
  private static final long serialVersionUID = 1L;
  private final Class<T> message;
  private transient @Nullable T prototype;

  /** Flink's view of a message: an opaque type, serialized as protobuf. */
  public static <T extends MessageLite> TypeInformation<T> typeOf(Class<T> message) {
    return OpaqueTypeInfo.of(message, new ProtobufSerializer<>(message));
  }

  public ProtobufSerializer(Class<T> message) {
    this.message = message;
  }

  @Override
  public void serialize(T record, DataOutputView target) throws IOException {
    byte[] bytes = record.toByteArray();
    target.writeInt(bytes.length);
    target.write(bytes);
  }

  @Override
  @SuppressWarnings("unchecked")
  public T deserialize(DataInputView source) throws IOException {
    byte[] bytes = new byte[source.readInt()];
    source.readFully(bytes);
    return (T) createInstance().getParserForType().parseFrom(bytes);
  }

  @Override
  public T deserialize(T reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    int length = source.readInt();
    target.writeInt(length);
    target.write(source, length);
  }

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public TypeSerializer<T> duplicate() {
    return this;
  }

  @Override
  public T createInstance() {
    T instance = prototype;
    if (instance == null) {
      instance = Internal.getDefaultInstance(message);
      prototype = instance;
    }
    return instance;
  }

  @Override
  public T copy(T from) {
    return from;
  }

  @Override
  public T copy(T from, T reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ProtobufSerializer<?> that && message.equals(that.message);
  }

  @Override
  public int hashCode() {
    return message.hashCode();
  }

  @Override
  public TypeSerializerSnapshot<T> snapshotConfiguration() {
    Snapshot<T> snapshot = new Snapshot<>();
    snapshot.message = message;
    return snapshot;
  }

  /** Which message it was. */
  public static final class Snapshot<T extends MessageLite> implements TypeSerializerSnapshot<T> {
    private static final int VERSION = 1;
    private @Nullable Class<T> message;

    @Override
    public int getCurrentVersion() {
      return VERSION;
    }

    @Override
    public void writeSnapshot(DataOutputView out) throws IOException {
      out.writeUTF(known().getName());
    }

    @Override
    public void readSnapshot(int readVersion, DataInputView in, ClassLoader classLoader)
        throws IOException {
      if (readVersion != VERSION) {
        throw new IOException("snapshot version " + readVersion + ", this reads " + VERSION);
      }
      message = InstantiationUtil.resolveClassByName(in, classLoader);
    }

    @Override
    public TypeSerializer<T> restoreSerializer() {
      return new ProtobufSerializer<>(known());
    }

    @Override
    public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
        TypeSerializerSnapshot<T> old) {
      return old instanceof Snapshot<T> that && known().equals(that.message)
          ? TypeSerializerSchemaCompatibility.compatibleAsIs()
          : TypeSerializerSchemaCompatibility.incompatible();
    }

    private Class<T> known() {
      if (message == null) {
        throw new IllegalStateException("snapshot not read yet");
      }
      return message;
    }
  }
}
