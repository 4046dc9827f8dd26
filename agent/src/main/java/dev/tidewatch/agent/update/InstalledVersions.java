package dev.tidewatch.agent.update;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * The agent's home: the versions that lie on this machine and which of them runs.
 *
 * <pre>
 * active                      current=, previous=, trial=: replaced as a whole
 * versions/VERSION/agent.jar
 * versions/.incoming/         what is being fetched; may be deleted at any time
 * bad                         versions that were taken back, a line each; the launcher's
 * tuf/                        trusted metadata
 * </pre>
 *
 * <p>A version counts from the moment at which {@code active} names it. Before that everything is
 * forced to disk; a death or power cut at any point leaves the old version or the new one.
 */
public final class InstalledVersions {
  private static final Logger LOG = System.getLogger(InstalledVersions.class.getName());
  private static final String JAR = "agent.jar";

  private final Path home;
  private final Steps steps;

  /** Told after each step of a swap; tests die there. */
  interface Steps {
    void after(String step) throws IOException;
  }

  public InstalledVersions(Path home) {
    this(home, step -> {});
  }

  InstalledVersions(Path home, Steps steps) {
    this.home = home.toAbsolutePath().normalize();
    this.steps = steps;
  }

  /** Trusted metadata. */
  public Path metadata() {
    return home.resolve("tuf");
  }

  /** A version's jar. */
  public Path jar(String version) {
    return versions().resolve(version).resolve(JAR);
  }

  private Path versions() {
    return home.resolve("versions");
  }

  private Path incoming() {
    return versions().resolve(".incoming");
  }

  /** Which version runs. */
  public ActiveVersion active() throws IOException {
    Path file = home.resolve("active");
    try {
      return ActiveVersion.parse(Files.readString(file));
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Versions that did not become healthy here. */
  Set<String> bad() throws IOException {
    Path file = home.resolve("bad");
    return Files.isRegularFile(file) ? new HashSet<>(Files.readAllLines(file)) : Set.of();
  }

  /** An empty place for a new version; what was in it is gone. */
  Path prepare() throws IOException {
    Files.createDirectories(versions());
    delete(incoming());
    return Files.createDirectory(incoming());
  }

  Path incomingJar() {
    return incoming().resolve(JAR);
  }

  /** What was fetched and is not wanted. */
  void discard() throws IOException {
    delete(incoming());
  }

  /**
   * Makes the jar in {@link #incomingJar}, whose hashes hold, the version that starts next.
   *
   * @param trialSeconds in which it has to be confirmed
   */
  void activate(AgentVersion version, int trialSeconds) throws IOException {
    ActiveVersion before = active();
    Files.deleteIfExists(incoming().resolve("patch"));
    force(incomingJar());
    steps.after("jar forced");
    forceDirectory(incoming());
    Path place = versions().resolve(version.text());
    // Left by a death between here and the end; the active version is always an older one.
    delete(place);
    steps.after("remains deleted");
    Files.move(incoming(), place, StandardCopyOption.ATOMIC_MOVE);
    steps.after("version in place");
    forceDirectory(versions());
    steps.after("versions forced");
    replaceActive(new ActiveVersion(version.text(), before.current(), trialSeconds));
    try {
      prune();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "an old version stays until the next update: {0}", e.getMessage());
    }
  }

  /** The running version is healthy: it stays. */
  public void confirm() throws IOException {
    ActiveVersion active = active();
    replaceActive(new ActiveVersion(active.current(), active.previous(), 0));
  }

  private void replaceActive(ActiveVersion active) throws IOException {
    Path fresh = home.resolve("active.new");
    Files.deleteIfExists(fresh);
    try (FileChannel channel =
        FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer text = ByteBuffer.wrap(active.text().getBytes(StandardCharsets.US_ASCII));
      while (text.hasRemaining()) {
        int unused = channel.write(text);
      }
      steps.after("active written");
      channel.force(true);
    }
    steps.after("active forced");
    Files.move(
        fresh,
        home.resolve("active"),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
    steps.after("active replaced");
    forceDirectory(home);
    steps.after("home forced");
  }

  /** Deletes every version but the running and the previous one. */
  private void prune() throws IOException {
    ActiveVersion active = active();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(versions())) {
      for (Path version : all) {
        String name = version.getFileName().toString();
        if (!name.equals(active.current()) && !name.equals(active.previous())) {
          delete(version);
          steps.after("old version deleted");
        }
      }
    }
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** A no-op where directories cannot be opened (Windows), which keeps their order itself. */
  private static void forceDirectory(Path directory) throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** A directory of files, if it is there. Links are deleted, not followed. */
  private static void delete(Path directory) throws IOException {
    if (Files.isDirectory(directory, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
    }
    Files.deleteIfExists(directory);
  }
}
