package dev.tidewatch.control.gateway.enrollment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file of JSON lines, each forced to disk before {@link #append} returns. A last line without its
 * newline is what a crash left of a change that never counted; it is cut off.
 */
public final class Journal implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Path file;
  private @Nullable FileChannel channel;

  public Journal(Path file) {
    this.file = file;
  }

  /**
   * Reads every whole line, oldest first; nothing when there is no file.
   *
   * @throws IOException that names the line when one is damaged
   */
  public void read(Consumer<JsonNode> reader) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    String text = Files.readString(file, StandardCharsets.UTF_8);
    int number = 0;
    for (int from = 0; from < text.length(); number++) {
      int to = text.indexOf('\n', from);
      if (to < 0) {
        return;
      }
      try {
        reader.accept(JSON.readTree(text.substring(from, to)));
      } catch (IOException | RuntimeException e) {
        throw new IOException(
            file + ", line " + (number + 1) + " is damaged: " + e.getMessage(), e);
      }
      from = to + 1;
    }
  }

  /** Replaces the whole file by {@code lines}, or leaves it as it was. */
  public synchronized void rewrite(List<ObjectNode> lines) throws IOException {
    close();
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (ObjectNode line : lines) {
      content.writeBytes(bytes(line));
    }
    Secrets.write(file, content.toByteArray());
    open().force(true);
  }

  public synchronized void append(ObjectNode line) throws IOException {
    FileChannel target = channel == null ? open() : channel;
    long before = target.size();
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes(line));
      while (buffer.hasRemaining()) {
        var unused = target.write(buffer);
      }
      target.force(false);
    } catch (IOException e) {
      // Half a line would join the next one.
      target.truncate(before);
      throw e;
    }
  }

  private FileChannel open() throws IOException {
    FileChannel opened =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    channel = opened;
    return opened;
  }

  private static byte[] bytes(ObjectNode line) {
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void close() {
    try {
      if (channel != null) {
        channel.close();
        channel = null;
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
