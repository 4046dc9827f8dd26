package dev.tidewatch.agent.respond;

import com.github.luben.zstd.ZstdOutputStream;
import dev.tidewatch.ingest.v1.CollectPath;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.Evidence;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A file or a directory as a tar archive, compressed with zstd. Links are kept as links, never
 * followed; devices, sockets and pipes are left out. Beyond the limits nothing is collected at all.
 */
final class CollectAction implements Action {
  private static final int CHUNK = 1 << 16;
  private static final int MAX_DEPTH = 128;

  private final Path directory;
  private final long maxBytes;
  private final int maxFiles;

  /**
   * @param directory where archives wait for their upload
   */
  CollectAction(Path directory, long maxBytes, int maxFiles) {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.maxFiles = maxFiles;
  }

  @Override
  public Outcome perform(Command command) throws Refused, IOException {
    CollectPath collect = command.getCollectPath();
    Path path = SafeDirectory.plain(collect.getPath());
    Limit limit =
        new Limit(
            collect.getMaxBytes() > 0 ? Math.min(maxBytes, collect.getMaxBytes()) : maxBytes,
            collect.getMaxFiles() > 0 ? Math.min(maxFiles, collect.getMaxFiles()) : maxFiles);
    try (SafeDirectory parent = SafeDirectory.above(path)) {
      if (command.getDryRun()) {
        new Walk(limit, null).entry(parent.stream(), path.getFileName(), relative(path), 0);
        return Outcome.of(
            "would collect " + limit.files + " files, " + limit.bytes + " bytes, of " + path);
      }
      return collect(parent, path, limit);
    }
  }

  private static String relative(Path path) {
    return path.toString().substring(1);
  }

  private Outcome collect(SafeDirectory parent, Path path, Limit limit)
      throws Refused, IOException {
    Files.createDirectories(directory);
    String uploadId = UUID.randomUUID().toString();
    Path archive = directory.resolve(uploadId + ".tar.zst");
    EvidenceHash hash = new EvidenceHash();
    try {
      try (OutputStream file =
              Channels.newOutputStream(
                  Files.newByteChannel(
                      archive,
                      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                      PosixFilePermissions.asFileAttribute(
                          PosixFilePermissions.fromString("rw-------"))));
          OutputStream hashed = new HashedOutput(file, hash);
          TarArchiveOutputStream tar =
              new TarArchiveOutputStream(new ZstdOutputStream(hashed, 3))) {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        new Walk(limit, tar).entry(parent.stream(), path.getFileName(), relative(path), 0);
      }
    } catch (Refused | IOException | RuntimeException e) {
      Files.deleteIfExists(archive);
      throw e;
    }
    Evidence evidence = hash.evidence(path.toString()).toBuilder().setUploadId(uploadId).build();
    return new Outcome(
        "collected " + limit.files + " files, " + limit.bytes + " bytes, of " + path,
        List.of(evidence),
        com.google.protobuf.ByteString.EMPTY,
        "",
        Map.of(uploadId, archive));
  }

  /** What may be collected, and what has been. */
  private static final class Limit {
    private final long maxBytes;
    private final int maxFiles;
    private long bytes;
    private int files;

    Limit(long maxBytes, int maxFiles) {
      this.maxBytes = maxBytes;
      this.maxFiles = maxFiles;
    }

    void take(long size, String name) throws Refused {
      files++;
      bytes += size;
      if (files > maxFiles || bytes > maxBytes) {
        throw Refused.failed(
            "too-large", "more than " + maxFiles + " files or " + maxBytes + " bytes, at /" + name);
      }
    }
  }

  /** Into an archive, or with none only to count. */
  private record Walk(Limit limit, @org.jspecify.annotations.Nullable TarArchiveOutputStream tar) {
    void entry(SecureDirectoryStream<Path> parent, Path name, String as, int depth)
        throws Refused, IOException {
      PosixFileAttributes attributes = attributes(parent, name, as, depth);
      if (attributes == null) {
        return;
      }
      if (attributes.isDirectory()) {
        directory(parent, name, as, depth);
      } else if (attributes.isSymbolicLink()) {
        limit.take(0, as);
        link(as, attributes);
      } else if (attributes.isRegularFile()) {
        limit.take(attributes.size(), as);
        file(parent, name, as, attributes);
      }
    }

    private static @org.jspecify.annotations.Nullable PosixFileAttributes attributes(
        SecureDirectoryStream<Path> parent, Path name, String as, int depth)
        throws Refused, IOException {
      try {
        return parent
            .getFileAttributeView(
                name.getFileName(), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes();
      } catch (NoSuchFileException e) {
        if (depth == 0) {
          throw Refused.failed("not-found", "there is no /" + as);
        }
        return null;
      }
    }

    private void directory(SecureDirectoryStream<Path> parent, Path name, String as, int depth)
        throws Refused, IOException {
      if (depth > MAX_DEPTH) {
        throw Refused.failed("too-large", "deeper than " + MAX_DEPTH + " at /" + as);
      }
      limit.take(0, as);
      try (SecureDirectoryStream<Path> directory =
          parent.newDirectoryStream(name.getFileName(), LinkOption.NOFOLLOW_LINKS)) {
        for (Path child : directory) {
          entry(directory, child, as + "/" + child.getFileName(), depth + 1);
        }
      }
    }

    private void link(String as, PosixFileAttributes attributes) throws IOException {
      if (tar == null) {
        return;
      }
      TarArchiveEntry entry = new TarArchiveEntry(as, TarConstants.LF_SYMLINK);
      // By its path, as Java has no other way: whoever exchanges it meanwhile has us write another
      // text.
      entry.setLinkName(Files.readSymbolicLink(Path.of("/" + as)).toString());
      entry.setModTime(attributes.lastModifiedTime());
      entry.setUserName(attributes.owner().getName());
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
    }

    private void file(
        SecureDirectoryStream<Path> parent, Path name, String as, PosixFileAttributes attributes)
        throws IOException {
      if (tar == null) {
        return;
      }
      TarArchiveEntry entry = new TarArchiveEntry(as);
      entry.setSize(attributes.size());
      entry.setModTime(attributes.lastModifiedTime());
      entry.setUserName(attributes.owner().getName());
      tar.putArchiveEntry(entry);
      try (InputStream in =
          Channels.newInputStream(
              parent.newByteChannel(
                  name.getFileName(),
                  Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)))) {
        copyExactly(in, attributes.size());
      }
      tar.closeArchiveEntry();
    }

    /** The archive has promised a size: a file that grows is cut, one that shrinks is filled up. */
    private void copyExactly(InputStream in, long size) throws IOException {
      byte[] chunk = new byte[CHUNK];
      long left = size;
      while (left > 0 && tar != null) {
        int n = in.read(chunk, 0, (int) Math.min(chunk.length, left));
        if (n < 0) {
          java.util.Arrays.fill(chunk, (byte) 0);
          n = (int) Math.min(chunk.length, left);
        }
        tar.write(chunk, 0, n);
        left -= n;
      }
    }
  }

  /** Hashes what passes. */
  private static final class HashedOutput extends OutputStream {
    private final OutputStream out;
    private final EvidenceHash hash;

    HashedOutput(OutputStream out, EvidenceHash hash) {
      this.out = out;
      this.hash = hash;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      hash.update(bytes, offset, length);
      out.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
