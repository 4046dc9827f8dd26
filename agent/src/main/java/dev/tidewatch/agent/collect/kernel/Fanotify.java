package dev.tidewatch.agent.collect.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A group of fanotify that reports directory, name and process (Linux 5.9 and later). With
 * CAP_SYS_ADMIN only: without it the kernel leaves the process out.
 */
public final class Fanotify extends Readable {
  /** What is asked of every directory: what comes, goes, is moved or written in it. */
  private static final long MASK =
      0x2L | 0x8L | 0x40L | 0x80L | 0x100L | 0x200L | 0x400L | 0x40000000L | 0x08000000L;

  private static final int FAN_CLOEXEC = 1;
  private static final int FAN_NONBLOCK = 2;
  private static final int FAN_REPORT_DFID_NAME = 0xC00;
  private static final int FAN_MARK_ADD = 1;
  private static final int FAN_MARK_ONLYDIR = 8;
  private static final int AT_FDCWD = -100;
  private static final int MAX_HANDLE = 128;
  private static final int FSID_AT = 56;
  private static final int BUFFER = 32 << 10;

  private Fanotify(int group) {
    super("fanotify", group, BUFFER);
  }

  /**
   * @throws IOException when the kernel refuses, or does not report names; saying why
   */
  public static Fanotify open() throws IOException {
    try {
      int flags = FAN_CLOEXEC | FAN_NONBLOCK | FAN_REPORT_DFID_NAME;
      return new Fanotify(LibC.fanotify_init(flags, 0));
    } catch (LastErrorException e) {
      throw new IOException("fanotify is not permitted (" + e.getMessage() + "): run as root", e);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new IOException("no fanotify on this platform", e);
    }
  }

  /**
   * Watches what happens in a directory, not below it.
   *
   * @return how events name it: file system id (8), length of the handle (4), its type (4), handle
   */
  public byte[] mark(Path directory) throws IOException {
    byte[] path = (directory + "\0").getBytes(StandardCharsets.UTF_8);
    try {
      byte[] name = name(path);
      int unused =
          LibC.fanotify_mark(descriptor(), FAN_MARK_ADD | FAN_MARK_ONLYDIR, MASK, AT_FDCWD, path);
      return name;
    } catch (LastErrorException e) {
      throw new IOException("cannot watch " + directory + ": " + e.getMessage(), e);
    }
  }

  private static byte[] name(byte[] path) {
    ByteBuffer handle = ByteBuffer.allocate(8 + MAX_HANDLE).order(ByteOrder.nativeOrder());
    handle.putInt(0, MAX_HANDLE);
    int unusedHandle = LibC.name_to_handle_at(AT_FDCWD, path, handle.array(), new byte[4], 0);
    byte[] fileSystem = new byte[256];
    int unusedStatus = LibC.statfs(path, fileSystem);
    byte[] name =
        Arrays.copyOf(Arrays.copyOfRange(fileSystem, FSID_AT, FSID_AT + 8), 16 + handle.getInt(0));
    System.arraycopy(handle.array(), 0, name, 8, name.length - 8);
    return name;
  }

  @Override
  long read(Memory into) {
    return LibC.read(descriptor(), into, into.size());
  }
}
