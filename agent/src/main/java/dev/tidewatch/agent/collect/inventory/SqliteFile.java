package dev.tidewatch.agent.collect.inventory;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads rows of a table of an SQLite 3 file, as {@code sqlite.org/fileformat2.html} describes it;
 * nothing of SQL, no index, and not what still lies in a write-ahead log beside it. Damage ends in
 * an {@link IOException}.
 */
final class SqliteFile implements AutoCloseable {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int FILE_HEADER = 100;
  private static final int LEAF = 0x0d;
  private static final int INTERIOR = 0x05;
  private static final int MAX_DEPTH = 20;
  private static final int MAX_COLUMNS = 100;

  private final RandomAccessFile file;
  private final int pageSize;
  private final int usable;
  private final long pages;
  private long visited;

  private SqliteFile(RandomAccessFile file, int pageSize, int usable) throws IOException {
    this.file = file;
    this.pageSize = pageSize;
    this.usable = usable;
    this.pages = file.length() / pageSize;
  }

  static SqliteFile open(Path path) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
    try {
      byte[] header = new byte[FILE_HEADER];
      file.readFully(header);
      int size = ByteBuffer.wrap(header).getShort(16) & 0xffff;
      int pageSize = size == 1 ? 65536 : size;
      int usable = pageSize - (header[20] & 0xff);
      if (!Arrays.equals(header, 0, 16, MAGIC, 0, 16) || pageSize < 512 || usable < 480) {
        throw new IOException(path + " is no SQLite database");
      }
      return new SqliteFile(file, pageSize, usable);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** Values of a row, as bytes: text and blobs as they are, integers big endian. */
  record Row(byte[][] columns) {
    byte[] column(int index) {
      return index < columns.length ? columns[index] : new byte[0];
    }
  }

  /**
   * Every row of a table.
   *
   * @param maxBytes of a row that are read
   */
  void rows(String table, int maxBytes, Consumer<Row> into) throws IOException {
    long[] root = new long[1];
    visited = 0;
    walk(
        1,
        0,
        1 << 16,
        row -> {
          boolean found = text(row.column(0)).equals("table") && text(row.column(1)).equals(table);
          root[0] = found ? number(row.column(3)) : root[0];
        });
    if (root[0] < 2) {
      throw new IOException("there is no table " + table);
    }
    visited = 0;
    walk(root[0], 0, maxBytes, into);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static long number(byte[] bytes) {
    long number = 0;
    for (byte b : bytes) {
      number = number << 8 | (b & 0xff);
    }
    return number;
  }

  private byte[] page(long number) throws IOException {
    if (number < 1 || number > pages || ++visited > pages) {
      throw new IOException("page " + number + " of " + pages + " cannot be: damaged");
    }
    byte[] page = new byte[pageSize];
    file.seek((number - 1) * pageSize);
    file.readFully(page);
    return page;
  }

  private void walk(long number, int depth, int maxBytes, Consumer<Row> into) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new IOException("deeper than a tree can be: damaged");
    }
    byte[] bytes = page(number);
    ByteBuffer page = ByteBuffer.wrap(bytes);
    int at = number == 1 ? FILE_HEADER : 0;
    int type = bytes[at];
    int cells = page.getShort(at + 3) & 0xffff;
    int pointers = at + (type == INTERIOR ? 12 : 8);
    if ((type != INTERIOR && type != LEAF) || pointers + 2 * cells > pageSize) {
      throw new IOException("page " + number + " is none of a table: damaged");
    }
    try {
      for (int i = 0; i < cells; i++) {
        int cell = page.getShort(pointers + 2 * i) & 0xffff;
        if (type == INTERIOR) {
          walk(page.getInt(cell) & 0xffffffffL, depth + 1, maxBytes, into);
        } else {
          into.accept(row(payload(page, cell, maxBytes)));
        }
      }
      if (type == INTERIOR) {
        walk(page.getInt(at + 8) & 0xffffffffL, depth + 1, maxBytes, into);
      }
    } catch (IndexOutOfBoundsException | EOFException e) {
      throw new IOException("page " + number + " points outside: damaged", e);
    }
  }

  /** A cell's payload, of which a part may lie in a chain of other pages. */
  private byte[] payload(ByteBuffer page, int cell, int maxBytes) throws IOException {
    Varint size = Varint.at(page, cell);
    Varint rowId = Varint.at(page, size.end());
    long whole = size.value();
    int largest = usable - 35;
    long least = (usable - 12) * 32L / 255 - 23;
    long some = least + (whole - least) % (usable - 4);
    int local = (int) (whole <= largest ? whole : some <= largest ? some : least);
    byte[] bytes = new byte[(int) Math.min(Math.max(0, whole), maxBytes)];
    int length = Math.min(local, bytes.length);
    page.get(rowId.end(), bytes, 0, length);
    long next = whole > largest ? page.getInt(rowId.end() + local) & 0xffffffffL : 0;
    while (length < bytes.length && next != 0) {
      ByteBuffer overflow = ByteBuffer.wrap(page(next));
      int count = Math.min(usable - 4, bytes.length - length);
      overflow.get(4, bytes, length, count);
      length += count;
      next = overflow.getInt(0) & 0xffffffffL;
    }
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private static Row row(byte[] payload) {
    ByteBuffer buffer = ByteBuffer.wrap(payload);
    Varint header = Varint.at(buffer, 0);
    int at = header.end();
    long from = header.value();
    byte[][] columns = new byte[MAX_COLUMNS][];
    int count = 0;
    while (at < header.value() && at < payload.length && count < MAX_COLUMNS) {
      Varint type = Varint.at(buffer, at);
      at = type.end();
      long length = length(type.value());
      int start = (int) Math.min(from, payload.length);
      int end = (int) Math.min(from + length, payload.length);
      columns[count++] = Arrays.copyOfRange(payload, start, Math.max(start, end));
      from += length;
    }
    return new Row(Arrays.copyOf(columns, count));
  }

  private static long length(long serialType) {
    if (serialType >= 12) {
      return (serialType - 12) / 2;
    }
    return switch ((int) serialType) {
      case 1, 2, 3, 4 -> serialType;
      case 5 -> 6;
      case 6, 7 -> 8;
      default -> 0;
    };
  }

  private record Varint(long value, int end) {
    static Varint at(ByteBuffer buffer, int from) {
      long value = 0;
      for (int i = 0; i < 8; i++) {
        byte b = buffer.get(from + i);
        value = value << 7 | (b & 0x7f);
        if (b >= 0) {
          return new Varint(value, from + i + 1);
        }
      }
      return new Varint(value << 8 | (buffer.get(from + 8) & 0xff), from + 9);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
