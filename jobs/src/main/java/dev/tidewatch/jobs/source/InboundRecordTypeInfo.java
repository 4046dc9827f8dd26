package dev.tidewatch.jobs.source;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/** Flink's view of {@link InboundRecord}: an opaque type with a serializer of its own. */
public final class InboundRecordTypeInfo extends TypeInformation<InboundRecord> {
  private static final long serialVersionUID = 1L;
  private final RecordReader reader;

  public InboundRecordTypeInfo(RecordReader reader) {
    this.reader = reader;
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
  public Class<InboundRecord> getTypeClass() {
    return InboundRecord.class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<InboundRecord> createSerializer(SerializerConfig config) {
    return new InboundRecordSerializer(reader);
  }

  @Override
  public String toString() {
    return "InboundRecord";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InboundRecordTypeInfo that && reader.equals(that.reader);
  }

  @Override
  public int hashCode() {
    return reader.hashCode();
  }

  @Override
  public boolean canEqual(@Nullable Object other) {
    return other instanceof InboundRecordTypeInfo;
  }
}
