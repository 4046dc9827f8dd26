package dev.tidewatch.embedded.clickhouse;

import dev.tidewatch.embedded.EmbeddedServerException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * One directory with one unpacked library. The library appears under its name only when it is whole
 * and right; {@code libchdb.so.verified} notes size and time of the file that was, so that later
 * starts need not read half a gigabyte again.
 */
final class LibraryCache {
  private static final String ENTRY = "package/libchdb.so";

  private final Path directory;
  private final LibraryPackage wanted;
  private final PackageSource source;
  private final Path library;
  private final Path verified;

  LibraryCache(Path directory, LibraryPackage wanted, PackageSource source) {
    this.directory = directory;
    this.wanted = wanted;
    this.source = source;
    this.library = directory.resolve("libchdb.so");
    this.verified = directory.resolve("libchdb.so.verified");
  }

  /** The library, downloaded where it is missing or was changed since. */
  Path get(Consumer<String> progress) {
    return unlessReady(progress, () -> fetch(progress));
  }

  /** The library, unpacked from a tarball that someone else brought. */
  Path fromTarball(Path tarball, Consumer<String> progress) {
    return unlessReady(progress, () -> install(tarball, progress));
  }

  private interface Step {
    void run() throws IOException;
  }

  private Path unlessReady(Consumer<String> progress, Step install) {
    try {
      if (isReady()) {
        return library;
      }
      Files.createDirectories(directory);
      // One fetcher: the monitor for threads, the file lock for processes.
      synchronized (LibraryCache.class) {
        try (FileChannel channel =
                FileChannel.open(
                    directory.resolve("fetch.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock lock = lock(channel, progress)) {
          if (!isReady() && !verifyPresent(progress)) {
            install.run();
          }
        }
      }
      return library;
    } catch (IOException e) {
      throw new EmbeddedServerException(
          "cannot prepare ClickHouse's engine in " + directory + ": " + e, e);
    }
  }

  private static FileLock lock(FileChannel channel, Consumer<String> progress) throws IOException {
    FileLock lock = channel.tryLock();
    if (lock == null) {
      progress.accept("Another process is fetching ClickHouse's engine; waiting for it");
      return channel.lock();
    }
    return lock;
  }

  private boolean isReady() throws IOException {
    return Files.isRegularFile(library)
        && Files.isRegularFile(verified)
        && Files.readString(verified).equals(stamp());
  }

  private String stamp() throws IOException {
    return wanted.librarySha256()
        + " "
        + Files.size(library)
        + " "
        + Files.getLastModifiedTime(library).toMillis()
        + "\n";
  }

  /** A library without a stamp, e.g. copied by hand: right is right. */
  private boolean verifyPresent(Consumer<String> progress) throws IOException {
    if (!Files.isRegularFile(library) || Files.size(library) != wanted.libraryBytes()) {
      return false;
    }
    progress.accept("Checking " + library);
    DigestOutputStream digest = digesting(OutputStream.nullOutputStream(), "SHA-256");
    Files.copy(library, digest);
    if (!hex(digest).equals(wanted.librarySha256())) {
      return false;
    }
    Files.writeString(verified, stamp());
    return true;
  }

  private void fetch(Consumer<String> progress) throws IOException {
    // npm keeps the tarball twice for a moment, in its cache and as the result.
    requireSpace(2 * wanted.tarballBytes() + wanted.libraryBytes());
    Path scratch = Files.createTempDirectory(directory, "fetch-");
    try {
      install(source.download(wanted, scratch, progress), progress);
    } finally {
      delete(scratch);
    }
  }

  private void install(Path tarball, Consumer<String> progress) throws IOException {
    progress.accept("Checking and unpacking ClickHouse's engine");
    requireIntegrity(tarball);
    requireSpace(wanted.libraryBytes());
    Path part = Files.createTempFile(directory, "libchdb-", ".part");
    try {
      unpack(tarball, part);
      Files.deleteIfExists(verified);
      Files.move(
          part, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(verified, stamp());
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void requireIntegrity(Path tarball) throws IOException {
    DigestOutputStream digest = digesting(OutputStream.nullOutputStream(), "SHA-512");
    Files.copy(tarball, digest);
    String actual = Base64.getEncoder().encodeToString(digest.getMessageDigest().digest());
    if (!actual.equals(wanted.integrity())) {
      throw new EmbeddedServerException(
          "checksum mismatch: "
              + tarball.getFileName()
              + " is not "
              + wanted.spec()
              + " as released (SHA-512 "
              + actual
              + "); it was not used");
    }
  }

  private void unpack(Path tarball, Path target) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(tarball), 1 << 16);
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file, 1 << 16));
        DigestOutputStream out = digesting(Files.newOutputStream(target), "SHA-256")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().equals(ENTRY)) {
          tar.transferTo(out);
          requireLibrary(hex(out));
          return;
        }
      }
    }
    throw new EmbeddedServerException(wanted.spec() + " holds no " + ENTRY);
  }

  private void requireLibrary(String sha256) {
    if (!sha256.equals(wanted.librarySha256())) {
      throw new EmbeddedServerException(
          "checksum mismatch: the library in " + wanted.spec() + " has SHA-256 " + sha256);
    }
  }

  private void requireSpace(long bytes) throws IOException {
    long usable = Files.getFileStore(directory).getUsableSpace();
    if (usable < bytes) {
      throw new EmbeddedServerException(
          "too little disk for ClickHouse's engine: "
              + directory
              + " has "
              + usable / 1_000_000
              + " MB free, "
              + bytes / 1_000_000
              + " are needed; free some or set XDG_CACHE_HOME");
    }
  }

  private static DigestOutputStream digesting(OutputStream out, String algorithm) {
    try {
      return new DigestOutputStream(out, java.security.MessageDigest.getInstance(algorithm));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  private static String hex(DigestOutputStream digest) {
    return HexFormat.of().formatHex(digest.getMessageDigest().digest());
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> entries = Files.walk(tree)) {
      List<Path> deepestFirst = entries.sorted(Comparator.reverseOrder()).toList();
      for (Path entry : deepestFirst) {
        Files.deleteIfExists(entry);
      }
    }
  }
}
