package dev.tidewatch.agent.release;

import dev.tidewatch.agent.update.AgentVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A publisher's repository: a directory of metadata and {@code targets/}, to be served as it is.
 *
 * <p>Every change writes what is new first and {@code timestamp.json} last: agents see the old
 * state or the new one. One publisher at a time; a second one is told so.
 */
public final class ReleaseRepository {
  static final Set<String> ROLES = Set.of("root", "targets", "snapshot", "timestamp");

  private final Path directory;
  private final MetadataFiles metadata;
  private final Validity validity;
  private final InstantSource clock;

  private ReleaseRepository(
      Path directory, KeyDirectory keys, Validity validity, InstantSource clock) {
    this.directory = directory;
    this.metadata = new MetadataFiles(directory, keys);
    this.validity = validity;
    this.clock = clock;
  }

  /**
   * Makes an empty repository and its keys.
   *
   * @param shares by role; those not named have one key
   * @throws ReleaseException when there is one already
   */
  public static ReleaseRepository create(
      Path directory,
      KeyDirectory keys,
      Map<String, RoleShare> shares,
      Validity validity,
      InstantSource clock)
      throws IOException, ReleaseException {
    keys.requireOutside(directory);
    Files.createDirectories(directory.resolve("targets"));
    ReleaseRepository repository = new ReleaseRepository(directory, keys, validity, clock);
    if (repository.metadata.lastRoot() > 0) {
      throw new ReleaseException(directory + " holds a repository already");
    }
    Map<String, Object> allKeys = new LinkedHashMap<>();
    Map<String, Object> roles = new LinkedHashMap<>();
    for (String role : List.of("root", "targets", "snapshot", "timestamp")) {
      roles.put(role, Roles.create(keys, role, shares.getOrDefault(role, Roles.ONE), allKeys));
    }
    Map<String, Object> root = repository.fresh("root", 1);
    root.put("consistent_snapshot", true);
    root.put("keys", allKeys);
    root.put("roles", roles);
    repository.metadata.write("1.root.json", repository.metadata.sign("root", root, List.of(root)));
    repository.metadata.write("root.json", Files.readAllBytes(directory.resolve("1.root.json")));
    Map<String, Object> targets = repository.fresh("targets", 1);
    targets.put("targets", new LinkedHashMap<String, Object>());
    repository.publish(root, targets);
    return repository;
  }

  /**
   * @throws ReleaseException when there is none
   */
  public static ReleaseRepository open(
      Path directory, KeyDirectory keys, Validity validity, InstantSource clock)
      throws ReleaseException {
    keys.requireOutside(directory);
    ReleaseRepository repository = new ReleaseRepository(directory, keys, validity, clock);
    if (repository.metadata.lastRoot() == 0) {
      throw new ReleaseException(
          "there is no repository in "
              + directory
              + ": make one with tidewatch agent release init");
    }
    return repository;
  }

  private Map<String, Object> fresh(String role, long version) {
    Map<String, Object> signed = new LinkedHashMap<>();
    signed.put("_type", role);
    signed.put("spec_version", "1.0.34");
    signed.put("version", version);
    signed.put("expires", expiry(role));
    return signed;
  }

  private String expiry(String role) {
    return clock.instant().plus(validity.of(role)).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private Map<String, Object> root() throws IOException {
    return metadata.read(metadata.lastRoot() + ".root.json");
  }

  private Map<String, Object> snapshotFile() throws IOException {
    return Json.object(Json.object(metadata.read("timestamp.json"), "meta"), "snapshot.json");
  }

  private Map<String, Object> snapshot() throws IOException {
    return metadata.read(Json.get(snapshotFile(), "version") + ".snapshot.json");
  }

  private Map<String, Object> targets() throws IOException {
    Map<String, Object> file = Json.object(Json.object(snapshot(), "meta"), "targets.json");
    return metadata.read(Json.get(file, "version") + ".targets.json");
  }

  /** Targets, a snapshot that names them, a timestamp that names it. */
  private void publish(Map<String, Object> root, Map<String, Object> targets)
      throws IOException, ReleaseException {
    byte[] signed = metadata.sign("targets", targets, List.of(root));
    long version = (Long) Json.get(targets, "version");
    byte[] snapshot = newSnapshot(root, MetadataFiles.describe(version, signed));
    metadata.write(version + ".targets.json", signed);
    publishSnapshot(root, snapshot);
  }

  private boolean isNew() {
    return !Files.exists(directory.resolve("timestamp.json"));
  }

  private long nextSnapshot() throws IOException {
    return isNew() ? 1 : (Long) Json.get(snapshotFile(), "version") + 1;
  }

  private byte[] newSnapshot(Map<String, Object> root, Map<String, Object> targetsFile)
      throws IOException, ReleaseException {
    Map<String, Object> snapshot = fresh("snapshot", nextSnapshot());
    snapshot.put("meta", Map.of("targets.json", targetsFile));
    return metadata.sign("snapshot", snapshot, List.of(root));
  }

  private void publishSnapshot(Map<String, Object> root, byte[] snapshot)
      throws IOException, ReleaseException {
    long version = nextSnapshot();
    byte[] timestamp = newTimestamp(root, MetadataFiles.describe(version, snapshot));
    metadata.write(version + ".snapshot.json", snapshot);
    metadata.write("timestamp.json", timestamp);
  }

  private byte[] newTimestamp(Map<String, Object> root, Map<String, Object> snapshotFile)
      throws IOException, ReleaseException {
    long version = isNew() ? 1 : (Long) Json.get(metadata.read("timestamp.json"), "version") + 1;
    Map<String, Object> timestamp = fresh("timestamp", version);
    timestamp.put("meta", Map.of("snapshot.json", snapshotFile));
    return metadata.sign("timestamp", timestamp, List.of(root));
  }

  /** A change of the targets. */
  private interface Change {
    void of(Map<String, Object> targets) throws IOException, ReleaseException;
  }

  private void change(Change change) throws IOException, ReleaseException {
    try (FileChannel lock = lock()) {
      Map<String, Object> targets = targets();
      change.of(Json.object(targets, "targets"));
      targets.put("version", (Long) Json.get(targets, "version") + 1);
      targets.put("expires", expiry("targets"));
      publish(root(), targets);
    }
  }

  private FileChannel lock() throws IOException, ReleaseException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (java.nio.channels.OverlappingFileLockException e) {
      // This process: as good as another one.
    }
    channel.close();
    throw new ReleaseException("somebody else is changing " + directory + ": wait");
  }

  /**
   * Adds a release.
   *
   * @param rollout how many of a hundred agents may have it
   * @param patches from so many versions before it
   * @return sizes of the patches, by version they start from
   * @throws ReleaseException when the version is there already
   */
  public Map<String, Long> add(
      AgentVersion version, Path jar, List<String> channels, int rollout, int patches)
      throws IOException, ReleaseException {
    requireShare(rollout);
    if (channels.isEmpty() || !channels.stream().allMatch(c -> c.matches("[a-z0-9-]{1,32}"))) {
      throw new ReleaseException("a channel has 1 to 32 of a-z, 0-9 and -");
    }
    Map<String, Long> sizes = new LinkedHashMap<>();
    change(
        targets -> {
          TargetEntries entries = new TargetEntries(directory.resolve("targets"), targets);
          entries.requireAbsent(version);
          Map<String, Path> before = entries.newestBefore(version, patches);
          entries.add(version, jar, channels, rollout);
          for (Map.Entry<String, Path> old : before.entrySet()) {
            long size = entries.addPatch(version, jar, old.getKey(), old.getValue());
            if (size > 0) {
              sizes.put(old.getKey(), size);
            }
          }
        });
    return sizes;
  }

  /** Changes the share of a release. */
  public void rollout(AgentVersion version, int rollout) throws IOException, ReleaseException {
    requireShare(rollout);
    change(
        targets ->
            new TargetEntries(directory.resolve("targets"), targets)
                .release(version)
                .put("rollout", (long) rollout));
  }

  private static void requireShare(int rollout) throws ReleaseException {
    if (rollout < 0 || rollout > 100) {
      throw new ReleaseException("a share is from 0 to 100 of a hundred agents");
    }
  }

  /** Takes a release and its patches back. Agents that have it keep it. */
  public void withdraw(AgentVersion version) throws IOException, ReleaseException {
    change(targets -> new TargetEntries(directory.resolve("targets"), targets).withdraw(version));
  }

  /**
   * Signs timestamp and snapshot anew, and the targets when half their time is over and their keys
   * are here.
   *
   * @return whether the targets were signed, too
   */
  public boolean refresh() throws IOException, ReleaseException {
    try (FileChannel lock = lock()) {
      Map<String, Object> root = root();
      Map<String, Object> targets = targets();
      if (halfOver("targets", targets)) {
        targets.put("version", (Long) Json.get(targets, "version") + 1);
        targets.put("expires", expiry("targets"));
        publish(root, targets);
        return true;
      }
      Map<String, Object> snapshot = snapshot();
      if (halfOver("snapshot", snapshot)) {
        Map<String, Object> file = Json.object(Json.object(snapshot, "meta"), "targets.json");
        publishSnapshot(root, newSnapshot(root, file));
      } else {
        metadata.write("timestamp.json", newTimestamp(root, snapshotFile()));
      }
      return false;
    }
  }

  private boolean halfOver(String role, Map<String, Object> signed) {
    java.time.Instant expires = java.time.Instant.parse((String) Json.get(signed, "expires"));
    return clock.instant().isAfter(expires.minus(validity.of(role).dividedBy(2)));
  }

  /**
   * Gives a role new keys; the old ones count no more. What the role has signed is signed anew.
   *
   * @throws ReleaseException when too few keys of the root are here
   */
  public void rotate(String role, RoleShare share) throws IOException, ReleaseException {
    if (!ROLES.contains(role)) {
      throw new ReleaseException("\"" + role + "\" is none of root, targets, snapshot, timestamp");
    }
    try (FileChannel lock = lock()) {
      Map<String, Object> before = root();
      Map<String, Object> root = Json.copy(before);
      long version = (Long) Json.get(before, "version") + 1;
      root.put("version", version);
      root.put("expires", expiry("root"));
      // Before new keys are made, so that a failure leaves none behind.
      byte[] unused = metadata.sign("root", root, List.of(before));
      Map<String, Object> targets = targets();
      Roles.replace(metadata.keys(), role, share, root);
      byte[] signed = metadata.sign("root", root, List.of(before, root));
      targets.put("version", (Long) Json.get(targets, "version") + 1);
      metadata.write(version + ".root.json", signed);
      metadata.write("root.json", signed);
      publish(root, targets);
    }
  }

  /** A version, and what stands about it. */
  public record Offer(AgentVersion version, String channels, long rollout, long bytes) {}

  /** What is offered, newest first. */
  public List<Offer> offers() throws IOException {
    List<Offer> offers =
        new ArrayList<>(
            new TargetEntries(directory.resolve("targets"), Json.object(targets(), "targets"))
                .offers());
    offers.sort(Comparator.comparing(Offer::version).reversed());
    return offers;
  }

  /** Version and expiry of each role's metadata. */
  public Map<String, String> state() throws IOException {
    Map<String, String> state = new LinkedHashMap<>();
    state.put("root", line(root()));
    state.put("targets", line(targets()));
    state.put("snapshot", line(snapshot()));
    state.put("timestamp", line(metadata.read("timestamp.json")));
    return state;
  }

  private static String line(Map<String, Object> signed) {
    return "version " + Json.get(signed, "version") + ", until " + Json.get(signed, "expires");
  }

  /** Copies a file, whole or not at all. */
  static void place(Path from, Path to) throws IOException {
    Files.createDirectories(java.util.Objects.requireNonNull(to.getParent()));
    Path fresh = to.resolveSibling("." + to.getFileName() + ".new");
    // Not Files.copy to a path: a web server may not be permitted what this user may read.
    try (OutputStream out = Files.newOutputStream(fresh)) {
      long unused = Files.copy(from, out);
    }
    Files.move(fresh, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
