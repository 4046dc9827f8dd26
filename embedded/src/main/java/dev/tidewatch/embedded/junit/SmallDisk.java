package dev.tidewatch.embedded.junit;

import dev.tidewatch.embedded.EmbeddedServerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A file system of a few megabytes, for tests of a full disk. It is a tmpfs, which takes root:
 *
 * <pre>{@code
 * Optional<SmallDisk> disk = SmallDisk.tryMount(64);
 * assumeTrue(disk.isPresent(), "not permitted to mount a tmpfs");
 * try (SmallDisk small = disk.get()) {
 *   small.fill(); // ... writes now fail with "No space left on device"
 *   small.free();
 * }
 * }</pre>
 *
 * <p>Stop servers that use it before closing.
 */
public final class SmallDisk implements AutoCloseable {
  private static final String FILLER = "filler";
  private static final int FILL_STEP_BYTES = 1 << 16;
  private static final long COMMAND_SECONDS = 20;

  private final Path mountPoint;
  private final Path directory;

  private SmallDisk(Path mountPoint) throws IOException {
    this.mountPoint = mountPoint;
    this.directory = Files.createDirectory(mountPoint.resolve("data"));
  }

  /**
   * @param megabytes size of the file system
   * @return empty where mounting is not permitted; a test should then skip visibly
   */
  public static Optional<SmallDisk> tryMount(int megabytes) {
    try {
      Path mountPoint = Files.createTempDirectory("tidewatch-small-disk-");
      String size = "size=" + megabytes + "m";
      if (run("mount", "-t", "tmpfs", "-o", size, "tmpfs", mountPoint.toString())) {
        return Optional.of(new SmallDisk(mountPoint));
      }
      Files.delete(mountPoint);
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An empty directory on the small disk. */
  public Path directory() {
    return directory;
  }

  /** Bytes that can still be written. */
  public long freeBytes() {
    try {
      return Files.getFileStore(mountPoint).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes all space that is left, until {@link #free()}. */
  public void fill() {
    Path filler = mountPoint.resolve(FILLER);
    try (var out = Files.newOutputStream(filler)) {
      byte[] zeros = new byte[FILL_STEP_BYTES];
      while (freeBytes() > 0) {
        out.write(zeros, 0, (int) Math.min(zeros.length, freeBytes()));
      }
    } catch (IOException e) {
      // Someone else took the last bytes: full as well.
      if (freeBytes() > FILL_STEP_BYTES) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Gives back what {@link #fill()} took. */
  public void free() {
    try {
      Files.deleteIfExists(mountPoint.resolve(FILLER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unmounts; everything on the disk is gone. */
  @Override
  public void close() {
    try {
      // Lazily, so that a file someone still holds open does not keep the mount.
      if (!run("umount", mountPoint.toString()) && !run("umount", "-l", mountPoint.toString())) {
        throw new EmbeddedServerException("cannot unmount " + mountPoint);
      }
      Files.delete(mountPoint);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
