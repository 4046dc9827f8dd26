package dev.tidewatch.agent.collect.kernel;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads files of {@code /proc} with as few calls as there can be: a process that is looked at may
 * live for less than a millisecond. One thread each.
 */
public final class SmallFiles {
  private static final int O_CLOEXEC = 0x80000;
  private static final int LINK_BYTES = 4096;
  private static final byte[] NOTHING = new byte[0];
  private static final boolean NATIVE = isNative();

  private final byte[] link = new byte[LINK_BYTES];

  private static boolean isNative() {
    try {
      int unused = LibC.poll(new byte[0], 0, 0);
      return System.getProperty("os.name", "").equals("Linux");
    } catch (LastErrorException | UnsatisfiedLinkError | NoClassDefFoundError e) {
      return false;
    }
  }

  /** The first {@code limit} bytes; none when it cannot be read. */
  public byte[] read(String path, int limit) {
    return NATIVE ? readNatively(path, limit) : readInJava(path, limit);
  }

  private static byte[] readNatively(String path, int limit) {
    byte[] bytes = new byte[Math.min(limit, LINK_BYTES)];
    try {
      int file = LibC.open(terminated(path), O_CLOEXEC);
      try {
        int length = 0;
        while (length < limit) {
          if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(limit, length * 4));
          }
          // Files of /proc give whole pages: a short read is the end.
          byte[] into = length == 0 ? bytes : new byte[bytes.length - length];
          int count = (int) LibC.read(file, into, into.length);
          if (into != bytes) {
            System.arraycopy(into, 0, bytes, length, Math.max(0, count));
          }
          length += Math.max(0, count);
          if (count < into.length) {
            break;
          }
        }
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
      } finally {
        int unused = LibC.close(file);
      }
    } catch (LastErrorException e) {
      return NOTHING;
    }
  }

  private static byte[] readInJava(String path, int limit) {
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      return in.readNBytes(limit);
    } catch (IOException e) {
      return NOTHING;
    }
  }

  /** Where a symbolic link leads; empty when it is none, or not ours to see. */
  public String link(String path) {
    if (!NATIVE) {
      try {
        return Files.readSymbolicLink(Path.of(path)).toString();
      } catch (IOException | UnsupportedOperationException e) {
        return "";
      }
    }
    try {
      int length = (int) LibC.readlink(terminated(path), link, link.length);
      return new String(link, 0, Math.max(0, length), StandardCharsets.UTF_8);
    } catch (LastErrorException e) {
      return "";
    }
  }

  private static byte[] terminated(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }
}
