package dev.tidewatch.agent.collect;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of files, remembered by inode, size and time of change, so that a program that starts a
 * thousand times is read once. Thread-safe.
 */
public final class FileHashes {
  private static final int REMEMBERED = 4096;
  private static final int CHUNK = 1 << 16;

  private final long maxBytes;
  private final Map<Key, String> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  private record Key(@Nullable Object inode, long size, long modified, long changed) {}

  /**
   * @param maxBytes larger files are not hashed; 0: none are
   */
  public FileHashes(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Lower case hex; empty when the file is no regular one, too large, or cannot be read. */
  public Optional<String> sha256(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (!attributes.isRegularFile() || attributes.size() > maxBytes) {
        return Optional.empty();
      }
      Key key =
          new Key(
              attributes.fileKey(),
              attributes.size(),
              attributes.lastModifiedTime().toMillis(),
              changed(file));
      return Optional.of(remembered(key, file));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The time of change cannot be set back, as that of modification can. */
  private static long changed(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ctime") instanceof java.nio.file.attribute.FileTime time
        ? time.to(java.util.concurrent.TimeUnit.MICROSECONDS)
        : 0;
  }

  private String remembered(Key key, Path file) throws IOException {
    synchronized (known) {
      String hash = known.get(key);
      if (hash != null) {
        return hash;
      }
    }
    String hash = hash(file);
    synchronized (known) {
      known.put(key, hash);
    }
    return hash;
  }

  private String hash(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] chunk = new byte[CHUNK];
    long left = maxBytes;
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
        left -= n;
        if (left < 0) {
          throw new IOException(file + " grew beyond " + maxBytes + " bytes");
        }
        digest.update(chunk, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
