package dev.tidewatch.jobs.source;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * How {@link InboundRecordSerializer} was configured. The bytes are Kafka's, so every later reader
 * can read them.
 */
public final class InboundRecordSerializerSnapshot
    implements TypeSerializerSnapshot<InboundRecord> {
  private static final int VERSION = 1;
  private RecordReader reader;

  /** For Flink, which calls {@link #readSnapshot} next. */
  public InboundRecordSerializerSnapshot() {
    this(new RecordReader(Integer.MAX_VALUE, 0));
  }

  InboundRecordSerializerSnapshot(RecordReader reader) {
    this.reader = reader;
  }

  @Override
  public int getCurrentVersion() {
    return VERSION;
  }

  @Override
  public void writeSnapshot(DataOutputView out) throws IOException {
    out.writeInt(reader.maxPayloadBytes());
    out.writeLong(reader.maxFutureSkewMillis());
  }

  @Override
  public void readSnapshot(int readVersion, DataInputView in, ClassLoader classLoader)
      throws IOException {
    if (readVersion != VERSION) {
      throw new IOException("snapshot version " + readVersion + ", this reads " + VERSION);
    }
    reader = new RecordReader(in.readInt(), in.readLong());
  }

  @Override
  public TypeSerializer<InboundRecord> restoreSerializer() {
    return new InboundRecordSerializer(reader);
  }

  @Override
  public TypeSerializerSchemaCompatibility<InboundRecord> resolveSchemaCompatibility(
      TypeSerializerSnapshot<InboundRecord> oldSerializerSnapshot) {
    return TypeSerializerSchemaCompatibility.compatibleAsIs();
  }
}
