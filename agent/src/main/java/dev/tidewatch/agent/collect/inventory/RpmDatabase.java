package dev.tidewatch.agent.collect.inventory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * rpm's {@code rpmdb.sqlite}: the table {@code Packages} holds one header as a blob per package.
 *
 * <p>A header is: entries (4), bytes of data (4), the entries of tag, type, offset, count (4 each),
 * the data. Name, version and their like stand at the beginning of the data, so a prefix is enough.
 */
final class RpmDatabase {
  private static final int PREFIX = 64 << 10;
  private static final int MAX_ENTRIES = 2000;
  private static final int NAME = 1000;
  private static final int VERSION = 1001;
  private static final int RELEASE = 1002;
  private static final int EPOCH = 1003;
  private static final int VENDOR = 1011;
  private static final int ARCHITECTURE = 1022;

  private RpmDatabase() {}

  /**
   * @throws IOException when the file is no such database
   */
  static void read(Path file, Consumer<InstalledPackage> into) throws IOException {
    try (SqliteFile database = SqliteFile.open(file)) {
      database.rows("Packages", PREFIX, row -> header(row, into));
    }
  }

  private static void header(SqliteFile.Row row, Consumer<InstalledPackage> into) {
    byte[] blob = row.column(1);
    if (blob.length < 8) {
      return;
    }
    ByteBuffer buffer = ByteBuffer.wrap(blob);
    int entries = buffer.getInt(0);
    if (entries < 0 || entries > MAX_ENTRIES || 8 + 16 * entries > blob.length) {
      return;
    }
    String epoch = "";
    String[] texts = new String[5];
    Arrays.fill(texts, "");
    int data = 8 + 16 * entries;
    for (int i = 0; i < entries; i++) {
      int offset = data + buffer.getInt(8 + 16 * i + 8);
      if (offset < data || offset >= blob.length) {
        continue;
      }
      switch (buffer.getInt(8 + 16 * i)) {
        case NAME -> texts[0] = text(blob, offset);
        case VERSION -> texts[1] = text(blob, offset);
        case RELEASE -> texts[2] = text(blob, offset);
        case VENDOR -> texts[3] = text(blob, offset);
        case ARCHITECTURE -> texts[4] = text(blob, offset);
        case EPOCH -> epoch = offset + 4 <= blob.length ? buffer.getInt(offset) + ":" : "";
        default -> {}
      }
    }
    into.accept(
        new InstalledPackage(
            "rpm", texts[0], epoch + texts[1] + "-" + texts[2], texts[4], texts[3]));
  }

  private static String text(byte[] bytes, int from) {
    int to = from;
    while (to < bytes.length && bytes[to] != 0) {
      to++;
    }
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
