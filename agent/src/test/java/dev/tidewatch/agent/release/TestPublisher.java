package dev.tidewatch.agent.release;

import dev.tidewatch.agent.update.AgentVersion;
import dev.tidewatch.agent.update.tuf.Digests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A publisher, its mirror, and somebody who has stolen keys: for tests. */
public final class TestPublisher {
  public final Path repository;
  public final Path keys;

  /** What the mirror says instead of what is there. */
  public final Map<String, byte[]> replaced = new HashMap<>();

  /** How often each path was asked for. */
  public final Map<String, Integer> asked = new HashMap<>();

  private final Path directory;
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");

  public TestPublisher(Path directory) throws Exception {
    this(directory, Map.of());
  }

  public TestPublisher(Path directory, Map<String, RoleShare> shares) throws Exception {
    this.directory = directory;
    this.repository = directory.resolve("repository");
    this.keys = directory.resolve("keys");
    var unused =
        ReleaseRepository.create(repository, keyDirectory(), shares, Validity.DEFAULT, clock());
  }

  public InstantSource clock() {
    return () -> now;
  }

  public void passDays(long days) {
    now = now.plusSeconds(days * 86_400);
  }

  private KeyDirectory keyDirectory() {
    return new KeyDirectory(List.of(keys));
  }

  public ReleaseRepository open() throws ReleaseException {
    return ReleaseRepository.open(repository, keyDirectory(), Validity.DEFAULT, clock());
  }

  /** A first trusted root, as it comes with an installation. */
  public Path trustedIn(Path home) throws IOException {
    Path metadata = Files.createDirectories(home);
    Files.copy(repository.resolve("1.root.json"), metadata.resolve("root.json"));
    return metadata;
  }

  /** A file that depends on its seed, and of which nothing can be compressed. */
  public Path file(String name, int seed, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new Random(seed).nextBytes(content);
    return Files.write(directory.resolve(name), content);
  }

  public Path release(String version, int seed) throws Exception {
    Path jar = file(version + ".jar", seed, 50_000);
    var unused = open().add(new AgentVersion(version), jar, List.of("stable"), 100, 3);
    return jar;
  }

  /** What is signed in a file of the repository, to be changed. */
  public Map<String, Object> signed(String name) throws IOException {
    return Json.copy(new MetadataFiles(repository, keyDirectory()).read(name));
  }

  /** The file with what is signed, signed by the keys of the last root that are at hand. */
  public byte[] sign(String role, Map<String, Object> signed) throws Exception {
    MetadataFiles files = new MetadataFiles(repository, keyDirectory());
    return files.sign(role, signed, List.of(files.read(files.lastRoot() + ".root.json")));
  }

  /** Like {@link #sign}, with the keys of a root that is given. */
  public byte[] sign(String role, Map<String, Object> signed, List<Map<String, Object>> roots)
      throws Exception {
    return new MetadataFiles(repository, keyDirectory()).sign(role, signed, roots);
  }

  public static Map<String, Object> describe(long version, byte[] bytes) {
    return MetadataFiles.describe(version, bytes);
  }

  public static String sha256(byte[] bytes) {
    return Digests.hex("SHA-256", bytes);
  }

  /** The mirror. */
  public Optional<InputStream> open(String path) throws IOException {
    asked.merge(path, 1, Integer::sum);
    byte[] instead = replaced.get(path);
    if (instead != null) {
      return instead.length == 0
          ? Optional.empty()
          : Optional.of(new ByteArrayInputStream(instead));
    }
    Path file = repository.resolve(path);
    return Files.isRegularFile(file) ? Optional.of(Files.newInputStream(file)) : Optional.empty();
  }

  public byte[] bytes(String path) throws IOException {
    return Files.readAllBytes(repository.resolve(path));
  }
}
