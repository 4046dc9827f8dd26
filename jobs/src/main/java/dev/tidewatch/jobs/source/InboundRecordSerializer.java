package dev.tidewatch.jobs.source;

import dev.tidewatch.jobs.types.OpaqueTypeInfo;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record as the bytes that Kafka had and reads it again on the other side. Used only where
 * records leave a chain.
 *
 * <p>Format 1: version byte, topic, partition, offset, append time, key and value, each with its
 * length (-1: none).
 */
public final class InboundRecordSerializer extends TypeSerializer<InboundRecord> {
  private static final long serialVersionUID = 1L;
  private static final byte FORMAT = 1;
  private final RecordReader reader;

  /** Flink's view of a record: an opaque type. */
  public static TypeInformation<InboundRecord> typeOf(RecordReader reader) {
    return OpaqueTypeInfo.of(InboundRecord.class, new InboundRecordSerializer(reader));
  }

  public InboundRecordSerializer(RecordReader reader) {
    this.reader = reader;
  }

  @Override
  public void serialize(InboundRecord record, DataOutputView target) throws IOException {
    KafkaPosition position = record.position();
    target.writeByte(FORMAT);
    target.writeUTF(position.topic());
    target.writeInt(position.partition());
    target.writeLong(position.offset());
    target.writeLong(position.appendMillis());
    writeBytes(record.key(), target);
    writeBytes(record.value(), target);
  }

  @Override
  public InboundRecord deserialize(DataInputView source) throws IOException {
    requireFormat(source.readByte());
    KafkaPosition position =
        new KafkaPosition(source.readUTF(), source.readInt(), source.readLong(), source.readLong());
    byte[] key = readBytes(source);
    return reader.read(position, key, readBytes(source));
  }

  @Override
  public InboundRecord deserialize(InboundRecord reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    byte format = source.readByte();
    requireFormat(format);
    target.writeByte(format);
    target.writeUTF(source.readUTF());
    target.writeInt(source.readInt());
    target.writeLong(source.readLong());
    target.writeLong(source.readLong());
    writeBytes(readBytes(source), target);
    writeBytes(readBytes(source), target);
  }

  private static void requireFormat(byte format) throws IOException {
    if (format != FORMAT) {
      throw new IOException("InboundRecord in format " + format + ", this reads " + FORMAT);
    }
  }

  private static void writeBytes(byte @Nullable [] bytes, DataOutputView target)
      throws IOException {
    if (bytes == null) {
      target.writeInt(-1);
      return;
    }
    target.writeInt(bytes.length);
    target.write(bytes);
  }

  private static byte @Nullable [] readBytes(DataInputView source) throws IOException {
    int length = source.readInt();
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    source.readFully(bytes);
    return bytes;
  }

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public TypeSerializer<InboundRecord> duplicate() {
    return new InboundRecordSerializer(reader.copy());
  }

  @Override
  public InboundRecord createInstance() {
    return reader.read(new KafkaPosition("", 0, 0, 0), null, null);
  }

  @Override
  public InboundRecord copy(InboundRecord from) {
    return from;
  }

  @Override
  public InboundRecord copy(InboundRecord from, InboundRecord reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InboundRecordSerializer that && reader.equals(that.reader);
  }

  @Override
  public int hashCode() {
    return reader.hashCode();
  }

  @Override
  public TypeSerializerSnapshot<InboundRecord> snapshotConfiguration() {
    return new InboundRecordSerializerSnapshot(reader);
  }
}
