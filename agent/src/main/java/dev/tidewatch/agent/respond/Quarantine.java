package dev.tidewatch.agent.respond;

import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.Evidence;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes files away and gives them back. A quarantined file is a copy that only root may read, with
 * a note of where it was and how; the original goes when both are on the disk and the copy has the
 * same hash.
 */
final class Quarantine {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final int CHUNK = 1 << 16;
  private static final List<Path> NEVER =
      List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"));

  private final Path directory;
  private final Path agentState;

  /**
   * @param agentState the agent's own files, which are never taken
   */
  Quarantine(Path directory, Path agentState) {
    this.directory = directory;
    this.agentState = agentState.toAbsolutePath().normalize();
  }

  Outcome take(Command command) throws Refused, IOException {
    Path path = SafeDirectory.plain(command.getQuarantineFile().getPath());
    if (path.startsWith(agentState) || NEVER.stream().anyMatch(path::startsWith)) {
      throw Refused.because("protected", path + " is never quarantined");
    }
    byte[] wanted = command.getQuarantineFile().getSha256().toByteArray();
    try (SafeDirectory parent = SafeDirectory.above(path)) {
      PosixFileAttributes attributes = regular(parent, path);
      if (command.getDryRun()) {
        Evidence evidence = hash(parent, path, null);
        requireHash(wanted, evidence, path);
        return Outcome.of("would quarantine " + path, evidence, "");
      }
      return take(parent, path, attributes, wanted);
    }
  }

  private Outcome take(
      SafeDirectory parent, Path path, PosixFileAttributes attributes, byte[] wanted)
      throws Refused, IOException {
    String id = UUID.randomUUID().toString();
    createDirectory();
    Path copy = directory.resolve(id + ".file");
    try {
      Evidence evidence;
      try (FileChannel out =
          FileChannel.open(
              copy,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        evidence = hash(parent, path, out);
        out.force(true);
      }
      requireHash(wanted, evidence, path);
      note(id, path, attributes, evidence);
      PosixFileAttributes now = regular(parent, path);
      if (!String.valueOf(now.fileKey()).equals(String.valueOf(attributes.fileKey()))
          || now.size() != evidence.getSizeBytes()) {
        throw Refused.failed("changed", path + " changed while it was copied");
      }
      parent.stream().deleteFile(path.getFileName());
      return Outcome.of("quarantined " + path, evidence, id);
    } catch (Refused | IOException | RuntimeException e) {
      Files.deleteIfExists(copy);
      Files.deleteIfExists(directory.resolve(id + ".properties"));
      throw e;
    }
  }

  private void createDirectory() throws IOException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }

  private static PosixFileAttributes regular(SafeDirectory parent, Path path)
      throws Refused, IOException {
    try {
      PosixFileAttributes attributes =
          parent.stream()
              .getFileAttributeView(
                  path.getFileName(), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes();
      if (!attributes.isRegularFile()) {
        throw Refused.because(
            attributes.isSymbolicLink() ? "link" : "not-a-file", path + " is no regular file");
      }
      return attributes;
    } catch (NoSuchFileException e) {
      throw Refused.failed("not-found", "there is no " + path);
    }
  }

  private static Evidence hash(SafeDirectory parent, Path path, @Nullable FileChannel copy)
      throws IOException {
    EvidenceHash hash = new EvidenceHash();
    Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try (SeekableByteChannel in = parent.stream().newByteChannel(path.getFileName(), options)) {
      transfer(in, copy, hash);
    }
    return hash.evidence(path.toString());
  }

  private static void transfer(
      SeekableByteChannel in, @Nullable SeekableByteChannel out, EvidenceHash hash)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      hash.update(chunk.array(), 0, n);
      chunk.flip();
      while (out != null && chunk.hasRemaining()) {
        int unused = out.write(chunk);
      }
      chunk.clear();
    }
  }

  private static void requireHash(byte[] wanted, Evidence evidence, Path path) throws Refused {
    if (wanted.length > 0
        && !java.security.MessageDigest.isEqual(wanted, evidence.getSha256().toByteArray())) {
      throw Refused.failed("changed", path + " has another hash by now");
    }
  }

  private void note(String id, Path path, PosixFileAttributes attributes, Evidence evidence)
      throws IOException {
    Properties note = new Properties();
    note.setProperty("path", path.toString());
    note.setProperty("owner", attributes.owner().getName());
    note.setProperty("group", attributes.group().getName());
    note.setProperty("mode", PosixFilePermissions.toString(attributes.permissions()));
    note.setProperty("modified", Long.toString(attributes.lastModifiedTime().toMillis()));
    note.setProperty("sha256", hex(evidence));
    Path file = directory.resolve(id + ".properties");
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Writer out = Channels.newWriter(channel, StandardCharsets.UTF_8)) {
      note.store(out, null);
      // Without it nobody would know where the copy belongs.
      channel.force(true);
    }
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }

  private static String hex(Evidence evidence) {
    return HexFormat.of().formatHex(evidence.getSha256().toByteArray());
  }

  Outcome restore(Command command) throws Refused, IOException {
    String id = command.getRestoreFile().getQuarantineId();
    Path notes = directory.resolve(id + ".properties");
    // The form first: an id with a slash in it would lead elsewhere.
    if (!ID.matcher(id).matches() || !Files.isRegularFile(notes)) {
      throw Refused.failed("not-found", "nothing is quarantined under this id");
    }
    Properties note = new Properties();
    try (var in = Files.newBufferedReader(notes)) {
      note.load(in);
    }
    Path path = SafeDirectory.plain(note.getProperty("path", ""));
    try (SafeDirectory parent = SafeDirectory.above(path)) {
      requireAbsent(parent, path);
      if (command.getDryRun()) {
        return Outcome.of("would restore " + path);
      }
      Evidence evidence = putBack(parent, path, directory.resolve(id + ".file"), note);
      Files.deleteIfExists(directory.resolve(id + ".file"));
      Files.deleteIfExists(notes);
      return Outcome.of("restored " + path, evidence, id);
    }
  }

  private static void requireAbsent(SafeDirectory parent, Path path) throws Refused, IOException {
    try {
      BasicFileAttributes unused =
          parent.stream()
              .getFileAttributeView(
                  path.getFileName(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes();
    } catch (NoSuchFileException e) {
      return;
    }
    throw Refused.failed("exists", path + " is there again; it is not overwritten");
  }

  /** Under another name first: nobody sees half a file. */
  private static Evidence putBack(SafeDirectory parent, Path path, Path copy, Properties note)
      throws Refused, IOException {
    Path fresh = Path.of(".tidewatch-restore-" + UUID.randomUUID());
    EvidenceHash hash = new EvidenceHash();
    try (SeekableByteChannel in = FileChannel.open(copy, StandardOpenOption.READ);
        SeekableByteChannel out =
            parent.stream()
                .newByteChannel(
                    fresh,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString("rw-------")))) {
      transfer(in, out, hash);
    }
    try {
      Evidence evidence = hash.evidence(path.toString());
      if (!hex(evidence).equals(note.getProperty("sha256"))) {
        throw Refused.failed("damaged", "the quarantined copy of " + path + " is damaged");
      }
      attributes(parent, fresh, path, note);
      requireAbsent(parent, path);
      parent.stream().move(fresh, parent.stream(), path.getFileName());
      return evidence;
    } catch (Refused | IOException | RuntimeException e) {
      parent.stream().deleteFile(fresh);
      throw e;
    }
  }

  private static void attributes(SafeDirectory parent, Path fresh, Path path, Properties note)
      throws IOException {
    PosixFileAttributeView view =
        parent.stream()
            .getFileAttributeView(fresh, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    var names = path.getFileSystem().getUserPrincipalLookupService();
    view.setOwner(names.lookupPrincipalByName(note.getProperty("owner", "root")));
    view.setGroup(names.lookupPrincipalByGroupName(note.getProperty("group", "root")));
    view.setPermissions(PosixFilePermissions.fromString(note.getProperty("mode", "rw-------")));
    var modified =
        java.nio.file.attribute.FileTime.fromMillis(
            Long.parseLong(note.getProperty("modified", "0")));
    view.setTimes(modified, null, null);
  }
}
