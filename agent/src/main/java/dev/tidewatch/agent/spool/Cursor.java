package dev.tidewatch.agent.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The acknowledged sequence on disk. Two slots of sequence (8) and CRC32C (4) are written in turn,
 * in place: a torn write loses one slot, never both, and a full disk has the room already.
 */
final class Cursor implements AutoCloseable {
  private static final int SLOT = 12;

  private final RandomAccessFile file;
  private long sequence;
  private int slot;

  private Cursor(RandomAccessFile file) {
    this.file = file;
  }

  static Cursor open(Path path) throws IOException {
    Cursor cursor = new Cursor(new RandomAccessFile(path.toFile(), "rw"));
    cursor.load();
    return cursor;
  }

  private void load() throws IOException {
    boolean found = false;
    for (int i = 0; i < 2; i++) {
      ByteBuffer bytes = ByteBuffer.allocate(SLOT);
      file.seek((long) i * SLOT);
      if (file.read(bytes.array()) == SLOT && bytes.getInt(8) == crc(bytes)) {
        found = true;
        if (bytes.getLong(0) >= sequence) {
          sequence = bytes.getLong(0);
          slot = 1 - i;
        }
      }
    }
    if (!found) {
      write(0);
      write(0);
    }
  }

  long sequence() {
    return sequence;
  }

  void write(long acknowledged) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SLOT).putLong(acknowledged);
    bytes.putInt(crc(bytes));
    file.seek((long) slot * SLOT);
    file.write(bytes.array());
    slot = 1 - slot;
    sequence = acknowledged;
  }

  private static int crc(ByteBuffer slotBytes) {
    CRC32C crc = new CRC32C();
    crc.update(slotBytes.array(), 0, 8);
    return (int) crc.getValue();
  }

  void force() throws IOException {
    file.getFD().sync();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
