package dev.tidewatch.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Events of a file, byte for byte as they stand there: NDJSON, concatenated (also pretty-printed)
 * JSON objects, or one JSON array of objects; gzip by its magic number.
 *
 * <p>A line that starts an object and does not end it opens a pretty-printed record, which ends
 * with its closing brace. So that one broken line of an NDJSON file does not swallow the rest, a
 * record that began with more than a lone brace is cut where the next line begins with <code>{"
 * </code> in the first column. What is broken comes out as it is: the reader of the event says why.
 */
final class EventFile implements Closeable {
  private final InputStream in;
  private final int maxRecordBytes;
  private final ArrayDeque<byte[]> ready = new ArrayDeque<>();
  private final ByteArrayOutputStream record = new ByteArrayOutputStream();
  private final byte[] chunk = new byte[1 << 16];
  private int chunkAt;
  private int chunkEnd;

  private int depth;
  private boolean inString;
  private boolean escaped;
  private boolean loneBrace;

  private EventFile(InputStream in, int maxRecordBytes) {
    this.in = in;
    this.maxRecordBytes = maxRecordBytes;
  }

  /** Opens {@code path}; {@code -} is standard input. */
  static EventFile open(String path, int maxRecordBytes) throws IOException {
    // Not Files.newInputStream: it cannot read a pipe.
    InputStream raw = path.equals("-") ? System.in : new FileInputStream(path);
    return of(raw, maxRecordBytes);
  }

  /**
   * Says at once, by option and name, that a file cannot be read.
   *
   * @throws CommandFailedException when there is none or it is a directory
   */
  static void requireReadable(String option, String path) {
    Path file = Path.of(path);
    if (!path.equals("-") && (!Files.isReadable(file) || Files.isDirectory(file))) {
      String problem = Files.exists(file) ? "not a readable file" : "no such file";
      throw new CommandFailedException(Tidewatch.USAGE, option + " " + path + ": " + problem);
    }
  }

  static EventFile of(InputStream raw, int maxRecordBytes) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(raw, 1 << 16);
    buffered.mark(2);
    boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
    buffered.reset();
    return new EventFile(gzip ? new GZIPInputStream(buffered, 1 << 16) : buffered, maxRecordBytes);
  }

  /** The next event's bytes, or null at the end of the file. */
  byte @Nullable [] next() throws IOException {
    while (ready.isEmpty()) {
      byte[] line = readLine();
      if (line == null) {
        return record.size() == 0 ? null : finish();
      }
      accept(line);
    }
    return ready.poll();
  }

  private void accept(byte[] line) {
    if (depth > 0 && !loneBrace && startsObject(line)) {
      ready.add(finish());
    }
    int start = depth > 0 ? 0 : -1;
    for (int i = 0; i < line.length; i++) {
      byte b = line[i];
      if (depth == 0) {
        if (b == '{') {
          start = i;
          depth = 1;
          loneBrace = blank(line, i + 1);
        } else if (start < 0 && !separator(b)) {
          start = i;
          i = endOfBareText(line, i);
          record.write(line, start, i - start);
          ready.add(finish());
          start = -1;
          i--;
        }
      } else if (step(b)) {
        record.write(line, start, i + 1 - start);
        ready.add(finish());
        start = -1;
      }
    }
    if (depth > 0) {
      record.write(line, start, line.length - start);
      record.write('\n');
      if (record.size() > maxRecordBytes) {
        ready.add(finish());
      }
    }
  }

  /** Moves over one byte inside an object; true when it closed the object. */
  private boolean step(byte b) {
    if (inString) {
      if (escaped) {
        escaped = false;
      } else if (b == '\\') {
        escaped = true;
      } else if (b == '"') {
        inString = false;
      }
      return false;
    }
    switch (b) {
      case '"' -> inString = true;
      case '{', '[' -> depth++;
      case '}', ']' -> {
        return --depth == 0;
      }
      default -> {}
    }
    return false;
  }

  private byte[] finish() {
    byte[] bytes = record.toByteArray();
    record.reset();
    depth = 0;
    inString = false;
    escaped = false;
    int end = bytes.length;
    while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r' || bytes[end - 1] == ' ')) {
      end--;
    }
    return end == bytes.length ? bytes : Arrays.copyOf(bytes, end);
  }

  private static int endOfBareText(byte[] line, int from) {
    int i = from;
    while (i < line.length && line[i] != '{') {
      i++;
    }
    return i;
  }

  private static boolean startsObject(byte[] line) {
    return line.length > 1 && line[0] == '{' && line[1] == '"';
  }

  private static boolean blank(byte[] line, int from) {
    for (int i = from; i < line.length; i++) {
      if (line[i] != ' ' && line[i] != '\r' && line[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  /**
   * Bytes that may stand between records: white space, and the punctuation of an array around them.
   */
  private static boolean separator(byte b) {
    return b == ' '
        || b == '\t'
        || b == '\r'
        || b == ','
        || b == '['
        || b == ']'
        || b == (byte) 0xEF
        || b == (byte) 0xBB
        || b == (byte) 0xBF;
  }

  /** The next line without its line feed; a line longer than the limit comes in pieces. */
  private byte @Nullable [] readLine() throws IOException {
    ByteArrayOutputStream line = null;
    while (true) {
      if (chunkAt == chunkEnd) {
        chunkEnd = in.read(chunk);
        chunkAt = 0;
        if (chunkEnd <= 0) {
          chunkEnd = 0;
          return line == null || line.size() == 0 ? null : line.toByteArray();
        }
      }
      int end = chunkAt;
      while (end < chunkEnd && chunk[end] != '\n') {
        end++;
      }
      boolean whole = end < chunkEnd;
      int from = chunkAt;
      chunkAt = whole ? end + 1 : end;
      if (whole && line == null) {
        return Arrays.copyOfRange(chunk, from, end);
      }
      if (line == null) {
        line = new ByteArrayOutputStream(1 << 17);
      }
      line.write(chunk, from, end - from);
      if (whole || line.size() > maxRecordBytes) {
        return line.toByteArray();
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
