package dev.tidewatch.agent.collect.log;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One log file, followed by its path. A file of another inode under the path is a rotation: the old
 * one is read on until it has been quiet for a while, since who writes it hears of the rotation
 * late, then the new one from its beginning. A file that is shorter than what was read, or begins
 * otherwise, was truncated and written anew.
 *
 * <p>A last line without its line break waits for it; only when the file is rotated away it is a
 * line as it is.
 */
final class TailedFile implements AutoCloseable {
  private static final int HEAD = 256;
  private static final int CHUNK = 64 << 10;

  /** Who still writes the old file after as many quiet times will not stop. */
  private static final int MOST_QUIETS = 15;

  private final Path path;
  private final int maxLine;
  private final long quietNanos;
  private final LongSupplier nanoTime;
  private final byte[] chunk = new byte[CHUNK];
  private final byte[] line;
  private int lineLength;
  private boolean cut;

  private @Nullable RandomAccessFile file;
  private String fileKey = "";

  /** What was read from the file, and how much of that was given away as lines. */
  private long offset;

  private long consumed;
  private int headLength;
  private long headCrc;
  private long truncations;

  private boolean rotated;
  private long rotatedNanos;
  private long readNanos;

  /**
   * @param quiet how long a rotated file must have been quiet
   * @param nanoTime the time, like {@code System.nanoTime()}
   */
  TailedFile(Path path, int maxLine, Duration quiet, LongSupplier nanoTime) {
    this.path = path;
    this.maxLine = maxLine;
    this.quietNanos = quiet.toNanos();
    this.nanoTime = nanoTime;
    this.line = new byte[maxLine];
  }

  /**
   * Goes on at {@code position} if the file is still the same.
   *
   * @param where it may be: its path, or what it was rotated to
   * @return whether it is
   */
  boolean resume(Path where, Positions.Position position) throws IOException {
    if (!key(where).equals(position.fileKey()) || !open(where)) {
      return false;
    }
    headLength = position.headLength();
    headCrc = position.headCrc();
    offset = position.offset();
    consumed = offset;
    return true;
  }

  /** Skips what is in the file already. */
  void skipToEnd() throws IOException {
    RandomAccessFile opened = open(path) ? file : null;
    if (opened != null) {
      offset = opened.length();
      consumed = offset;
      remember(opened);
    }
  }

  /**
   * Gives away all new whole lines, at most about {@code maxBytes} of them.
   *
   * @return whether there may be more already
   */
  boolean read(LineSink sink, long maxBytes) throws IOException, InterruptedException {
    if (file == null && !open(path)) {
      return false;
    }
    long until = offset + maxBytes;
    while (offset < until) {
      if (readChunk(sink) == 0) {
        return nextFile(sink);
      }
    }
    return true;
  }

  private int readChunk(LineSink sink) throws IOException, InterruptedException {
    RandomAccessFile opened = file;
    if (opened == null) {
      return 0;
    }
    if (wasTruncated(opened)) {
      restart();
      truncations++;
    }
    opened.seek(offset);
    int count = opened.read(chunk);
    if (count <= 0) {
      return 0;
    }
    offset += count;
    readNanos = nanoTime.getAsLong();
    split(count, sink);
    remember(opened);
    return count;
  }

  private boolean wasTruncated(RandomAccessFile opened) throws IOException {
    if (opened.length() < offset) {
      return true;
    }
    return headLength > 0 && crc(opened, headLength) != headCrc;
  }

  private void restart() {
    offset = 0;
    consumed = 0;
    lineLength = 0;
    cut = false;
    headLength = 0;
    rotated = false;
  }

  /** The beginning of the file, as far as it was read, is its fingerprint. */
  private void remember(RandomAccessFile opened) throws IOException {
    int length = (int) Math.min(HEAD, offset);
    if (length > headLength) {
      headLength = length;
      headCrc = crc(opened, length);
    }
  }

  private static long crc(RandomAccessFile opened, int length) throws IOException {
    byte[] head = new byte[length];
    opened.seek(0);
    int read = opened.read(head);
    CRC32C crc = new CRC32C();
    crc.update(head, 0, Math.max(0, read));
    return crc.getValue();
  }

  private void split(int count, LineSink sink) throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      byte b = chunk[i];
      if (b == '\n') {
        give(sink);
        consumed = offset - count + i + 1;
      } else if (lineLength < maxLine) {
        line[lineLength++] = b;
      } else if (!cut) {
        cut = true;
      }
    }
  }

  private void give(LineSink sink) throws IOException, InterruptedException {
    int length = lineLength;
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    boolean wasCut = cut;
    lineLength = 0;
    cut = false;
    if (length > 0) {
      sink.line(new String(line, 0, length, StandardCharsets.UTF_8), wasCut);
    }
  }

  /** At the end of this one: is there another under the path, and will nothing more come here? */
  private boolean nextFile(LineSink sink) throws IOException, InterruptedException {
    String now = key(path);
    if (now.isEmpty() || now.equals(fileKey)) {
      rotated = false;
      return false;
    }
    if (!isOver()) {
      return false;
    }
    if (lineLength > 0) {
      give(sink);
    }
    return open(path);
  }

  /**
   * Whether a rotated file has been quiet for long enough. It was read to its end just before this,
   * though not when that is found out for the first time.
   */
  private boolean isOver() {
    long now = nanoTime.getAsLong();
    if (!rotated) {
      rotated = true;
      rotatedNanos = now;
      readNanos = now;
      return false;
    }
    return now - readNanos >= quietNanos || now - rotatedNanos >= MOST_QUIETS * quietNanos;
  }

  private boolean open(Path where) throws IOException {
    close();
    String key = key(where);
    if (key.isEmpty()) {
      return false;
    }
    try {
      file = new RandomAccessFile(where.toFile(), "r");
    } catch (java.io.FileNotFoundException e) {
      return false;
    }
    fileKey = key;
    restart();
    return true;
  }

  private static String key(Path where) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(where, BasicFileAttributes.class);
      return attributes.isRegularFile() ? String.valueOf(attributes.fileKey()) : "";
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /** Up to the last whole line: half a line is read again after a restart. */
  Positions.Position position() {
    int length = (int) Math.min(headLength, consumed);
    return new Positions.Position(fileKey, consumed, length == headLength ? length : 0, headCrc);
  }

  boolean isOpen() {
    return file != null;
  }

  long truncations() {
    return truncations;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
