package dev.tidewatch.agent.collect.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * fanotify of every file that is opened to be executed (Linux 5.0 and later): names the program
 * also of processes that end before {@code /proc} can be read. Whole file systems are marked; those
 * of containers are others.
 */
public final class ExecWatch extends Readable {
  private static final int FAN_CLOEXEC = 1;
  private static final int FAN_NONBLOCK = 2;
  private static final int FAN_MARK_ADD = 1;
  private static final int FAN_MARK_FILESYSTEM = 0x100;
  private static final long FAN_OPEN_EXEC = 0x1000;
  private static final int O_LARGEFILE_CLOEXEC = 0x80000;
  private static final int AT_FDCWD = -100;
  private static final int HEAD = 24;
  private static final int BUFFER = 8 << 10;

  private final SmallFiles files = new SmallFiles();

  private ExecWatch(int group) {
    super("fanotify of programs", group, BUFFER);
  }

  /**
   * A program that a process is about to run; its interpreters and its loader follow as others.
   *
   * @param path as it was named then
   */
  public record Opened(int pid, String path) {}

  /**
   * @param directories whose file systems are watched; those that are not there are left out
   * @throws IOException when the kernel refuses, saying why
   */
  public static ExecWatch open(Set<String> directories) throws IOException {
    try {
      ExecWatch watch =
          new ExecWatch(LibC.fanotify_init(FAN_CLOEXEC | FAN_NONBLOCK, O_LARGEFILE_CLOEXEC));
      boolean some = false;
      for (String directory : directories) {
        some |= watch.mark(directory);
      }
      if (!some) {
        watch.close();
        throw new IOException("no file system can be watched with fanotify");
      }
      return watch;
    } catch (LastErrorException e) {
      throw new IOException("fanotify is not permitted (" + e.getMessage() + "): run as root", e);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new IOException("no fanotify on this platform", e);
    }
  }

  private boolean mark(String directory) {
    byte[] path = (directory + "\0").getBytes(StandardCharsets.UTF_8);
    try {
      int unused =
          LibC.fanotify_mark(
              descriptor(), FAN_MARK_ADD | FAN_MARK_FILESYSTEM, FAN_OPEN_EXEC, AT_FDCWD, path);
      return true;
    } catch (LastErrorException e) {
      return false;
    }
  }

  /** What was opened since the last call; does not wait. */
  public List<Opened> next() throws IOException {
    List<Opened> opened = new ArrayList<>();
    for (int length = receive(0); length > 0; length = receive(0)) {
      ByteBuffer buffer = buffer();
      int at = 0;
      while (length - at >= HEAD) {
        int size = buffer.getInt(at);
        int file = buffer.getInt(at + 16);
        if (file >= 0) {
          opened.add(new Opened(buffer.getInt(at + 20), files.link("/proc/self/fd/" + file)));
          int unused = LibC.close(file);
        }
        at += Math.max(size, HEAD);
      }
    }
    return opened;
  }

  @Override
  long read(Memory into) {
    return LibC.read(descriptor(), into, into.size());
  }
}
