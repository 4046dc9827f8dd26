package dev.tidewatch.agent.update.tuf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The metadata that was trusted last. It is the memory that rollback and freeze are found out by;
 * {@code root.json} has to be put there by whoever installs.
 */
public final class MetadataDirectory {
  private final Path directory;

  public MetadataDirectory(Path directory) {
    this.directory = directory;
  }

  Optional<byte[]> read(String name, int most) throws IOException {
    Path file = directory.resolve(name);
    // Larger than it can have been written: damaged, as good as not there.
    return Files.isRegularFile(file) && Files.size(file) <= most
        ? Optional.of(Files.readAllBytes(file))
        : Optional.empty();
  }

  /** Whole or not at all, and on the disk when this returns. */
  void write(String name, byte[] bytes) throws IOException {
    Path fresh = directory.resolve(name + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      var buffer = java.nio.ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        int unused = channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(
        fresh,
        directory.resolve(name),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }

  void delete(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
