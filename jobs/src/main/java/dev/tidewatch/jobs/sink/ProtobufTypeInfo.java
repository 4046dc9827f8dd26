package dev.tidewatch.jobs.sink;

import com.google.protobuf.MessageLite;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/** Flink's view of a protobuf message: an opaque type, serialized as protobuf. */
public final class ProtobufTypeInfo<T extends MessageLite> extends TypeInformation<T> {
  private static final long serialVersionUID = 1L;
  private final Class<T> message;

  private ProtobufTypeInfo(Class<T> message) {
    this.message = message;
  }

  public static <T extends MessageLite> ProtobufTypeInfo<T> ofMessage(Class<T> message) {
    return new ProtobufTypeInfo<>(message);
  }

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<T> getTypeClass() {
    return message;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<T> createSerializer(SerializerConfig config) {
    return new ProtobufSerializer<>(message);
  }

  @Override
  public String toString() {
    return message.getSimpleName();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ProtobufTypeInfo<?> that && message.equals(that.message);
  }

  @Override
  public int hashCode() {
    return message.hashCode();
  }

  @Override
  public boolean canEqual(@Nullable Object other) {
    return other instanceof ProtobufTypeInfo;
  }
}
