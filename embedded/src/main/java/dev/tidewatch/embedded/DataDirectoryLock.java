package dev.tidewatch.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One server per data directory. Holds an operating system lock on {@code tidewatch.lock} in the
 * directory, so it ends with the process even after {@code kill -9}; the file names the owner's
 * pid.
 */
public final class DataDirectoryLock implements AutoCloseable {
  static final String FILE_NAME = "tidewatch.lock";

  private static final long RETRY_MILLIS = 50;

  /**
   * Files locked by this JVM. POSIX drops a process's lock when it closes any descriptor of the
   * file, so a directory of our own must be recognised without opening its file again.
   */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path file;
  private final FileChannel channel;

  private DataDirectoryLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Creates the directory where it is missing and takes its lock.
   *
   * @param server what wants to start, for the message, e.g. {@code Kafka}
   * @throws EmbeddedServerException when another server uses the directory, naming its pid, or when
   *     the directory cannot be written
   */
  public static DataDirectoryLock acquire(Path directory, String server) {
    return acquire(directory, server, Duration.ZERO);
  }

  /**
   * As {@link #acquire(Path, String)}, but waits for an owner that is about to go.
   *
   * @param patience how long
   */
  public static DataDirectoryLock acquire(Path directory, String server, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        return tryAcquire(directory, server);
      } catch (InUse e) {
        if (System.nanoTime() - deadline >= 0) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedServerException("interrupted while waiting for a data directory", e);
    }
  }

  private static DataDirectoryLock tryAcquire(Path directory, String server) {
    synchronized (HELD) {
      try {
        Path file = Files.createDirectories(directory).toRealPath().resolve(FILE_NAME);
        if (HELD.contains(file)) {
          throw inUse(server, directory, "this process, pid " + ProcessHandle.current().pid());
        }
        FileChannel channel = lock(file, directory, server);
        HELD.add(file);
        return new DataDirectoryLock(file, channel);
      } catch (IOException e) {
        throw new EmbeddedServerException(
            server + " cannot use data directory " + directory + ": " + e, e);
      }
    }
  }

  private static FileChannel lock(Path file, Path directory, String server) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw inUse(server, directory, "process " + owner(channel));
      }
      channel.truncate(0);
      channel.write(UTF_8.encode(ProcessHandle.current().pid() + "\n"), 0);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(32);
    channel.read(bytes, 0);
    String pid = UTF_8.decode(bytes.flip()).toString().strip();
    return pid.isEmpty() ? "(unknown pid)" : pid;
  }

  private static InUse inUse(String server, Path directory, String owner) {
    return new InUse(server + " data directory " + directory + " is in use by " + owner);
  }

  private static final class InUse extends EmbeddedServerException {
    private static final long serialVersionUID = 1L;

    InUse(String message) {
      super(message);
    }
  }

  /** The pid that the lock file of a directory names, or null; it may be dead by now. */
  public static @Nullable Long lastOwner(Path directory) {
    synchronized (HELD) {
      try {
        Path file = directory.toRealPath().resolve(FILE_NAME);
        if (HELD.contains(file)) {
          return ProcessHandle.current().pid();
        }
        return Long.valueOf(Files.readString(file).strip());
      } catch (IOException | NumberFormatException e) {
        return null;
      }
    }
  }

  @Override
  public void close() {
    synchronized (HELD) {
      HELD.remove(file);
      try {
        channel.close();
      } catch (IOException e) {
        throw new EmbeddedServerException("cannot release " + file + ": " + e, e);
      }
    }
  }
}
