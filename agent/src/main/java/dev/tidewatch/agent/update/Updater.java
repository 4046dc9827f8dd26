package dev.tidewatch.agent.update;

import dev.tidewatch.agent.update.tuf.TargetFile;
import dev.tidewatch.agent.update.tuf.TufClient;
import dev.tidewatch.agent.update.tuf.TufException;
import dev.tidewatch.agent.update.tuf.VerifiedOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** One look for a newer version, and its installation. */
final class Updater {
  private static final Logger LOG = System.getLogger(Updater.class.getName());
  private static final long ROOM_LEFT = 16 << 20;

  private final TufClient client;
  private final InstalledVersions installed;
  private final UpdateOptions options;
  private final String agentId;

  Updater(TufClient client, InstalledVersions installed, UpdateOptions options, String agentId) {
    this.client = client;
    this.installed = installed;
    this.options = options;
    this.agentId = agentId;
  }

  /** The newest release that is for this agent, when it is newer than the one that runs. */
  Optional<AgentRelease> available() throws IOException, TufException {
    AgentVersion running = new AgentVersion(installed.active().current());
    Set<String> bad = installed.bad();
    return AgentRelease.of(client.refresh()).stream()
        .filter(release -> release.version().compareTo(running) > 0)
        .filter(release -> !bad.contains(release.version().text()))
        .filter(release -> release.isFor(options.channel(), agentId))
        .max(Comparator.comparing(AgentRelease::version));
  }

  /** Fetches the release and makes it the version that starts next. */
  void install(AgentRelease release) throws IOException, TufException {
    requireRoom(release);
    Path unused = installed.prepare();
    try {
      if (!fetchPatched(release)) {
        fetchWhole(release.jar());
      }
      installed.activate(release.version(), (int) options.trial().toSeconds());
    } finally {
      installed.discard();
    }
  }

  private void requireRoom(AgentRelease release) throws IOException {
    long length = release.jar().length();
    if (length > options.maxBytes()) {
      throw new IOException(
          "version %s has %d bytes, update.max-bytes allows %d"
              .formatted(release.version(), length, options.maxBytes()));
    }
    long room = installed.prepare().toFile().getUsableSpace();
    if (room < length + ROOM_LEFT) {
      throw new IOException(
          "no room for version %s: %d bytes are free, %d are needed"
              .formatted(release.version(), room, length + ROOM_LEFT));
    }
  }

  /**
   * @return whether there was a patch from the running jar and it made the right file
   */
  private boolean fetchPatched(AgentRelease release) throws IOException {
    Path old = installed.jar(installed.active().current());
    TargetFile patch = Files.isRegularFile(old) ? release.patches().get(sha256(old)) : null;
    if (patch == null || patch.length() >= release.jar().length()) {
      return false;
    }
    Path file = installed.incomingJar().resolveSibling("patch");
    try {
      try (OutputStream out = Files.newOutputStream(file)) {
        client.download(patch, out);
      }
      try (OutputStream out = Files.newOutputStream(installed.incomingJar())) {
        VerifiedOutput verified = new VerifiedOutput(release.jar(), out);
        ZstdPatch.apply(old, file, verified, release.jar().length());
        verified.requireWhole();
      }
      LOG.log(Level.INFO, "patched to {0} by {1} bytes", release.version(), patch.length());
      return true;
    } catch (TufException | IOException e) {
      LOG.log(Level.WARNING, "the patch does not do, so the whole file: {0}", e.getMessage());
      return false;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private void fetchWhole(TargetFile jar) throws IOException, TufException {
    try (OutputStream out = Files.newOutputStream(installed.incomingJar())) {
      client.download(jar, out);
    }
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[16 << 10];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
