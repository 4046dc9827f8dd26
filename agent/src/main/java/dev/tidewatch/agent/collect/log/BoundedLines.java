package dev.tidewatch.agent.collect.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Lines of a stream, of which no more than a limit is kept in memory. */
final class BoundedLines {
  private final InputStream in;
  private final int maxLine;
  private byte[] line = new byte[4096];
  private boolean cut;

  BoundedLines(InputStream in, int maxLine) {
    this.in = in;
    this.maxLine = maxLine;
  }

  /** The next line without its end; empty at the end of the stream. */
  Optional<String> next() throws IOException {
    int length = 0;
    cut = false;
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return length == 0 ? Optional.empty() : Optional.of(text(length));
      }
      if (length < maxLine) {
        if (length == line.length) {
          line = Arrays.copyOf(line, Math.min(maxLine, length * 2));
        }
        line[length++] = (byte) b;
      } else {
        cut = true;
      }
    }
    return Optional.of(text(length));
  }

  /** Whether the last line was longer than the limit. */
  boolean wasCut() {
    return cut;
  }

  private String text(int length) {
    return new String(line, 0, length, StandardCharsets.UTF_8);
  }
}
