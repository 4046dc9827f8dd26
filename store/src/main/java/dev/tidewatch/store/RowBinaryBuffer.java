package dev.tidewatch.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * A growing buffer of ClickHouse's RowBinary format: values one after the other, little endian,
 * strings as LEB128 length and bytes. Kept between batches; a batch of unusual size does not stay
 * allocated.
 */
final class RowBinaryBuffer {
  private static final int START = 1 << 16;
  private static final int KEPT = 32 << 20;
  private static final int MOST = Integer.MAX_VALUE - 16;

  private byte[] bytes = new byte[START];
  private int size;

  int size() {
    return size;
  }

  void clear() {
    size = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[START];
    }
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  void int8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void int32(int value) {
    reserve(4);
    for (int shift = 0; shift < 32; shift += 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  void int64(long value) {
    reserve(8);
    for (int shift = 0; shift < 64; shift += 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  /** ClickHouse keeps a UUID as two little-endian halves, the high one first. */
  void uuid(UUID value) {
    int64(value.getMostSignificantBits());
    int64(value.getLeastSignificantBits());
  }

  /** LEB128: the length of a string or array. */
  void length(int value) {
    reserve(5);
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      bytes[size++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void string(ByteString value) {
    length(value.size());
    reserve(value.size());
    value.copyTo(bytes, size);
    size += value.size();
  }

  void string(String value) {
    int length = value.length();
    if (length < 128 && ascii(value)) {
      return;
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    length(utf8.length);
    reserve(utf8.length);
    System.arraycopy(utf8, 0, bytes, size, utf8.length);
    size += utf8.length;
  }

  /** Most values are short and ASCII: they are copied without an array between. */
  private boolean ascii(String value) {
    int length = value.length();
    reserve(length + 1);
    int at = size + 1;
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        return false;
      }
      bytes[at++] = (byte) c;
    }
    bytes[size] = (byte) length;
    size = at;
    return true;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, grown(more));
    }
  }

  private int grown(int more) {
    long needed = (long) size + more;
    if (needed > MOST) {
      throw new IllegalArgumentException("a batch takes more than 2 GiB; write smaller batches");
    }
    return (int) Math.min(MOST, Math.max(needed, bytes.length * 2L));
  }
}
