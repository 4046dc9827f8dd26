package dev.tidewatch.agent.release;

import dev.tidewatch.agent.release.ReleaseRepository.Offer;
import dev.tidewatch.agent.update.AgentVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The entries of targets metadata and the files they name.
 *
 * @param directory where the files lie, with their hash before their name
 */
record TargetEntries(Path directory, Map<String, Object> targets) {

  private static String path(AgentVersion version) {
    return "agent/" + version + "/tidewatch-agent.jar";
  }

  /** What a version's entry says to agents; changes go through. */
  Map<String, Object> release(AgentVersion version) throws ReleaseException {
    if (!targets.containsKey(path(version))) {
      throw new ReleaseException("there is no version " + version);
    }
    return tidewatch(path(version));
  }

  private Map<String, Object> tidewatch(String path) {
    return Json.object(Json.object(Json.object(targets, path), "custom"), "tidewatch");
  }

  void requireAbsent(AgentVersion version) throws ReleaseException {
    if (targets.containsKey(path(version))) {
      throw new ReleaseException(
          "version " + version + " is there already: what was published does not change");
    }
  }

  private List<AgentVersion> versions() {
    List<AgentVersion> versions = new ArrayList<>();
    for (String path : targets.keySet()) {
      Map<String, Object> custom = tidewatch(path);
      if ("agent".equals(custom.get("kind"))) {
        versions.add(new AgentVersion((String) Json.get(custom, "version")));
      }
    }
    return versions;
  }

  List<Offer> offers() {
    return versions().stream()
        .map(
            version ->
                new Offer(
                    version,
                    Json.get(tidewatch(path(version)), "channels").toString(),
                    (Long) Json.get(tidewatch(path(version)), "rollout"),
                    (Long) Json.get(Json.object(targets, path(version)), "length")))
        .toList();
  }

  /** The files of the newest versions before this one. */
  Map<String, Path> newestBefore(AgentVersion version, int count) {
    Map<String, Path> files = new LinkedHashMap<>();
    versions().stream()
        .filter(other -> other.compareTo(version) < 0)
        .sorted(Comparator.reverseOrder())
        .limit(count)
        .forEach(other -> files.put(other.text(), file(path(other))));
    return files;
  }

  private Path file(String path) {
    return file(path, sha256(path));
  }

  private Path file(String path, String sha256) {
    Path plain = directory.resolve(path);
    return plain.resolveSibling(sha256 + "." + plain.getFileName());
  }

  private String sha256(String path) {
    return (String) Json.get(Json.object(Json.object(targets, path), "hashes"), "sha256");
  }

  void add(AgentVersion version, Path jar, List<String> channels, int rollout) throws IOException {
    put(
        path(version),
        jar,
        Map.of(
            "kind", "agent", "version", version.text(), "channels", channels, "rollout", rollout));
  }

  /**
   * @return its size; 0: a patch is no gain
   */
  long addPatch(AgentVersion version, Path jar, String from, Path old) throws IOException {
    Path patch = Files.createTempFile(directory, ".patch", ".new");
    try {
      if (!PatchMaker.make(old, jar, patch)) {
        return 0;
      }
      put(
          "agent/" + version + "/from-" + from + ".zst",
          patch,
          Map.of(
              "kind", "patch",
              "version", version.text(),
              "base_sha256", sha256(path(new AgentVersion(from)))));
      return Files.size(patch);
    } finally {
      Files.delete(patch);
    }
  }

  private void put(String path, Path content, Map<String, Object> custom) throws IOException {
    String sha256 = hash("SHA-256", content);
    ReleaseRepository.place(content, file(path, sha256));
    targets.put(
        path,
        Json.copy(
            Map.of(
                "length",
                Files.size(content),
                "hashes",
                Map.of("sha256", sha256, "sha512", hash("SHA-512", content)),
                "custom",
                Map.of("tidewatch", custom))));
  }

  /** The files stay: agents that have just read older metadata are fetching them. */
  void withdraw(AgentVersion version) throws ReleaseException {
    var unused = release(version);
    targets.keySet().removeIf(path -> path.startsWith("agent/" + version + "/"));
  }

  private static String hash(String algorithm, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      byte[] buffer = new byte[64 << 10];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
