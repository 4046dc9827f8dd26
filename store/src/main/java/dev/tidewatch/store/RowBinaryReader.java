package dev.tidewatch.store;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Reads ClickHouse's RowBinary format; the caller knows the columns. The counterpart of {@link
 * RowBinaryBuffer}.
 */
final class RowBinaryReader {
  /** Reads one element of an array, or one row. */
  interface Element<T> {
    T read(RowBinaryReader in) throws IOException;
  }

  private final DataInputStream in;

  RowBinaryReader(InputStream in) {
    this.in = new DataInputStream(new BufferedInputStream(in, 1 << 16));
  }

  /** Rows until the end of the stream; a stream that ends inside a row is an error. */
  <T> List<T> rows(Element<T> row) throws IOException {
    List<T> rows = new ArrayList<>();
    while (!atEnd()) {
      rows.add(row.read(this));
    }
    return rows;
  }

  private boolean atEnd() throws IOException {
    in.mark(1);
    if (in.read() < 0) {
      return true;
    }
    in.reset();
    return false;
  }

  int int8() throws IOException {
    return in.readByte();
  }

  int int32() throws IOException {
    return Integer.reverseBytes(in.readInt());
  }

  long int64() throws IOException {
    return Long.reverseBytes(in.readLong());
  }

  double float64() throws IOException {
    return Double.longBitsToDouble(int64());
  }

  /** Whether a Nullable is null; its value follows when it is not. */
  boolean isNull() throws IOException {
    return in.readByte() != 0;
  }

  UUID uuid() throws IOException {
    return new UUID(int64(), int64());
  }

  byte[] bytes() throws IOException {
    int length = length();
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("a string of " + length + " bytes ends after " + bytes.length);
    }
    return bytes;
  }

  /** Malformed UTF-8 comes out as replacement characters. */
  String string() throws IOException {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  <T> List<T> array(Element<T> element) throws IOException {
    int length = length();
    List<T> list = new ArrayList<>(Math.min(length, 1024));
    for (int i = 0; i < length; i++) {
      list.add(element.read(this));
    }
    return list;
  }

  private int length() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int b = in.readUnsignedByte();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return Math.toIntExact(value);
      }
    }
    throw new IOException("a length takes more than 5 bytes");
  }
}
