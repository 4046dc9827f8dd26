package dev.tidewatch.agent.release;

import dev.tidewatch.agent.update.tuf.CanonicalJson;
import dev.tidewatch.agent.update.tuf.Digests;
import dev.tidewatch.agent.update.tuf.MetadataJson;
import dev.tidewatch.agent.update.tuf.TufException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads, signs and writes the metadata of a repository. */
record MetadataFiles(Path directory, KeyDirectory keys) {
  /** What is signed in a file, as maps and lists that can be changed. */
  Map<String, Object> read(String name) throws IOException {
    Path file = directory.resolve(name);
    try {
      return Json.object(MetadataJson.parse(Files.readAllBytes(file), name), "signed");
    } catch (TufException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** The highest version there is; 0: none. */
  long lastRoot() {
    long version = 0;
    while (Files.exists(directory.resolve(version + 1 + ".root.json"))) {
      version++;
    }
    return version;
  }

  /**
   * The file: what is signed, and signatures of all keys that are here.
   *
   * @param roots whose keys and thresholds count; more than one for a root that follows another
   * @throws ReleaseException when too few keys are here
   */
  byte[] sign(String role, Map<String, Object> signed, List<Map<String, Object>> roots)
      throws IOException, ReleaseException {
    byte[] message = CanonicalJson.of(signed);
    List<Object> signatures = new ArrayList<>();
    List<Object> done = new ArrayList<>();
    for (Map<String, Object> root : roots) {
      Map<String, Object> share = Json.object(Json.object(root, "roles"), role);
      int good = 0;
      for (Object id : (List<?>) Json.get(share, "keyids")) {
        Optional<String> signature = keys.sign((String) id, message);
        good += signature.isPresent() ? 1 : 0;
        if (signature.isPresent() && !done.contains(id)) {
          done.add(id);
          signatures.add(Map.of("keyid", id, "sig", signature.get()));
        }
      }
      long threshold = (Long) Json.get(share, "threshold");
      if (good < threshold) {
        throw new ReleaseException(
            "%d of the %d keys that have to sign for %s are in %s: name where the others are with --keys"
                .formatted(good, threshold, role, keys));
      }
    }
    return CanonicalJson.of(Map.of("signed", signed, "signatures", signatures));
  }

  /** What other metadata says about a file. */
  static Map<String, Object> describe(long version, byte[] bytes) {
    return Json.copy(
        Map.of(
            "version",
            version,
            "length",
            (long) bytes.length,
            "hashes",
            Map.of("sha256", Digests.hex("SHA-256", bytes))));
  }

  /** Whole or not at all. */
  void write(String name, byte[] bytes) throws IOException {
    Path fresh = directory.resolve("." + name + ".new");
    Files.write(fresh, bytes);
    Files.move(
        fresh,
        directory.resolve(name),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }
}
