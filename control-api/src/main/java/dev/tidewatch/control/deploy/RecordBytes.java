package dev.tidewatch.control.deploy;

import dev.tidewatch.deploy.RuleRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Records of a revision as the outbox keeps them: their number, then key and value of each behind
 * their lengths, big-endian; a length of -1 is no value. What is in them is not looked at.
 */
final class RecordBytes {
  private static final int NONE = -1;

  private RecordBytes() {}

  static byte[] of(List<RuleRecord> records) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(records.size());
      for (RuleRecord record : records) {
        write(out, record.key());
        byte[] value = record.value();
        if (value == null) {
          out.writeInt(NONE);
        } else {
          write(out, value);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /**
   * @throws IllegalArgumentException when the bytes are not of {@link #of}
   */
  static List<RuleRecord> read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      List<RuleRecord> records = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        byte[] key = in.readNBytes(in.readInt());
        int length = in.readInt();
        records.add(new RuleRecord(key, length == NONE ? null : in.readNBytes(length)));
      }
      return records;
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("an entry of rule_outbox cannot be read", e);
    }
  }
}
