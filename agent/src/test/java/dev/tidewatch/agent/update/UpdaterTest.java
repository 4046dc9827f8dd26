package dev.tidewatch.agent.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidewatch.agent.release.ReleaseRepository;
import dev.tidewatch.agent.release.RoleShare;
import dev.tidewatch.agent.release.TestPublisher;
import dev.tidewatch.agent.update.tuf.MetadataDirectory;
import dev.tidewatch.agent.update.tuf.Mirror;
import dev.tidewatch.agent.update.tuf.Transfer;
import dev.tidewatch.agent.update.tuf.TufClient;
import dev.tidewatch.agent.update.tuf.TufException;
import dev.tidewatch.agent.update.tuf.TufLimits;
import dev.tidewatch.embedded.junit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a publisher's repository to the version that starts next. */
class UpdaterTest {
  private static final UpdateOptions OPTIONS =
      new UpdateOptions(
          true,
          "",
          "stable",
          Duration.ofHours(1),
          1 << 20,
          Duration.ofMinutes(15),
          Duration.ofMinutes(10));

  @TempDir Path directory;
  private TestPublisher publisher;
  private Path home;
  private InstalledVersions installed;

  @BeforeEach
  void install() throws Exception {
    publisher = new TestPublisher(directory.resolve("publisher"));
    home = directory.resolve("home");
    installed = installIn(home, publisher.release("1.0", 1));
  }

  private InstalledVersions installIn(Path place, Path jar) throws IOException {
    InstalledVersions versions = new InstalledVersions(place);
    Files.createDirectories(versions.jar("1.0").getParent());
    Files.copy(jar, versions.jar("1.0"));
    Files.writeString(place.resolve("active"), "current=1.0\nprevious=\ntrial=0\n");
    publisher.trustedIn(place.resolve("tuf"));
    return versions;
  }

  private Updater updater() {
    return updater(installed, OPTIONS, "agent-1");
  }

  private Updater updater(InstalledVersions versions, UpdateOptions options, String agent) {
    Mirror mirror = publisher::open;
    TufClient client =
        new TufClient(
            mirror,
            new MetadataDirectory(versions.metadata()),
            TufLimits.DEFAULT,
            Transfer.DEFAULT,
            publisher.clock());
    return new Updater(client, versions, options, agent);
  }

  private Optional<String> available() throws IOException, TufException {
    return updater().available().map(release -> release.version().text());
  }

  private void update() throws IOException, TufException {
    Updater updater = updater();
    updater.install(updater.available().orElseThrow());
  }

  /** Random bytes like those of 1.0, but for a few. */
  private Path releaseLike(String version, int seed) throws Exception {
    byte[] bytes = Files.readAllBytes(directory.resolve("publisher").resolve("1.0.jar"));
    bytes[seed] ^= 1;
    Path jar = Files.write(directory.resolve(version + ".jar"), bytes);
    var unused = publisher.open().add(new AgentVersion(version), jar, List.of("stable"), 100, 3);
    return jar;
  }

  private long askedFor(String pattern) {
    return publisher.asked.keySet().stream().filter(path -> path.matches(pattern)).count();
  }

  @Test
  void aPatchMakesTheNewVersionAndThePreviousOneStays() throws Exception {
    Path jar = releaseLike("1.1", 100);
    update();
    assertThat(installed.active()).isEqualTo(new ActiveVersion("1.1", "1.0", 900));
    assertThat(installed.jar("1.1")).hasSameBinaryContentAs(jar);
    assertThat(installed.jar("1.0")).exists();
    assertThat(askedFor(".*\\.zst")).isEqualTo(1);
    assertThat(askedFor(".*\\.jar")).isZero();
    assertThat(home.resolve("versions/.incoming")).doesNotExist();
  }

  @Test
  void aDamagedOrMissingPatchIsMadeUpForByTheWholeFile() throws Exception {
    Path jar = releaseLike("1.1", 100);
    String patch = patchOf("1.1");
    byte[] damaged = publisher.bytes(patch);
    damaged[damaged.length / 2] ^= 1;
    publisher.replaced.put(patch, damaged);
    update();
    assertThat(installed.jar("1.1")).hasSameBinaryContentAs(jar);
    assertThat(askedFor(".*\\.jar")).isEqualTo(1);

    Files.writeString(home.resolve("active"), "current=1.0\nprevious=\ntrial=0\n");
    publisher.replaced.put(patch, new byte[0]);
    update();
    assertThat(installed.jar("1.1")).hasSameBinaryContentAs(jar);
  }

  private String patchOf(String version) throws IOException {
    Path folder = publisher.repository.resolve("targets/agent/" + version);
    try (var files = Files.list(folder)) {
      Path patch = files.filter(file -> file.toString().endsWith(".zst")).findFirst().orElseThrow();
      return publisher.repository.relativize(patch).toString();
    }
  }

  /** Rightly signed, with its right hash, and yet it makes another file. */
  @Test
  void aWrongPatchOfThePublisherIsMadeUpForByTheWholeFile() throws Exception {
    releaseLike("1.1", 100);
    Path jar = releaseLike("1.2", 200);
    Map<String, Object> signed = publisher.signed("4.targets.json");
    Map<String, Object> targets = object(signed, "targets");
    Map<String, Object> other = object(targets, "agent/1.1/from-1.0.zst");
    object(object(other, "custom"), "tidewatch").put("version", "1.2");
    targets.remove("agent/1.2/from-1.0.zst");
    byte[] bytes = publisher.sign("targets", signed);
    byte[] snapshot = snapshot(TestPublisher.describe(4, bytes));
    publisher.replaced.put("4.targets.json", bytes);
    publisher.replaced.put("99.snapshot.json", snapshot);
    publisher.replaced.put("timestamp.json", timestamp(snapshot));
    update();
    assertThat(installed.active().current()).isEqualTo("1.2");
    assertThat(installed.jar("1.2")).hasSameBinaryContentAs(jar);
    assertThat(askedFor(".*\\.zst")).isEqualTo(1);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Map<String, Object> in, String key) {
    return (Map<String, Object>) in.get(key);
  }

  private byte[] snapshot(Map<String, Object> targets) throws Exception {
    Map<String, Object> signed = publisher.signed("2.snapshot.json");
    signed.put("version", 99L);
    signed.put("meta", Map.of("targets.json", targets));
    return publisher.sign("snapshot", signed);
  }

  private byte[] timestamp(byte[] snapshot) throws Exception {
    Map<String, Object> signed = publisher.signed("timestamp.json");
    signed.put("version", 99L);
    signed.put("meta", Map.of("snapshot.json", TestPublisher.describe(99, snapshot)));
    return publisher.sign("timestamp", signed);
  }

  @Test
  void aWrongFileChangesNothing() throws Exception {
    publisher.release("1.1", 2);
    Updater updater = updater();
    AgentRelease release = updater.available().orElseThrow();
    publisher.replaced.put(release.jar().location(true), new byte[50_000]);
    assertThatThrownBy(() -> updater.install(release)).isInstanceOf(TufException.class);
    assertThat(installed.active()).isEqualTo(new ActiveVersion("1.0", "", 0));
    assertThat(installed.jar("1.1")).doesNotExist();
    assertThat(home.resolve("versions/.incoming")).doesNotExist();
  }

  @Test
  void onlyNewerVersionsAreTaken() throws Exception {
    assertThat(available()).isEmpty();
    publisher.release("0.9", 2);
    publisher.release("1.0-rc.1", 3);
    assertThat(available()).as("downgrades are refused").isEmpty();
    publisher.release("1.1", 4);
    publisher.release("1.2-rc.1", 5);
    assertThat(available()).contains("1.2-rc.1");
    publisher.open().withdraw(new AgentVersion("1.2-rc.1"));
    assertThat(available()).contains("1.1");
  }

  @Test
  void aVersionThatWasTakenBackIsNotTakenAgain() throws Exception {
    publisher.release("1.1", 2);
    Files.writeString(home.resolve("bad"), "1.1\n");
    assertThat(available()).isEmpty();
    publisher.release("1.2", 3);
    assertThat(available()).contains("1.2");
  }

  @Test
  void aChannelHasItsOwnReleases() throws Exception {
    Path jar = publisher.file("beta.jar", 9, 1000);
    ReleaseRepository repository = publisher.open();
    var unused = repository.add(new AgentVersion("2.0"), jar, List.of("beta"), 100, 0);
    assertThat(available()).isEmpty();
    UpdateOptions beta =
        new UpdateOptions(
            true, "", "beta", Duration.ofHours(1), 1 << 20, Duration.ofMinutes(1), Duration.ZERO);
    assertThat(updater(installed, beta, "agent-1").available()).isPresent();
  }

  @Test
  void aShareGrowsAndNobodyLeavesIt() throws Exception {
    Path jar = publisher.file("some.jar", 9, 1000);
    ReleaseRepository repository = publisher.open();
    AgentVersion version = new AgentVersion("2.0");
    var unused = repository.add(version, jar, List.of("stable"), 0, 0);
    boolean[] before = new boolean[400];
    for (int share : new int[] {0, 10, 50, 100}) {
      repository.rollout(version, share);
      AgentRelease release =
          AgentRelease.of(
                  new TufClient(
                          publisher::open,
                          new MetadataDirectory(installed.metadata()),
                          TufLimits.DEFAULT,
                          Transfer.DEFAULT,
                          publisher.clock())
                      .refresh())
              .stream()
              .filter(r -> r.version().equals(version))
              .findFirst()
              .orElseThrow();
      int count = 0;
      for (int i = 0; i < before.length; i++) {
        boolean in = release.isFor("stable", "agent-" + i);
        assertThat(in || !before[i]).as("agent " + i + " was in already").isTrue();
        before[i] = in;
        count += in ? 1 : 0;
      }
      assertThat(count * 100.0 / before.length).isBetween(share - 7.0, share + 7.0);
    }
  }

  @Test
  void whatIsTooLargeIsRefused() throws Exception {
    publisher.release("1.1", 2);
    UpdateOptions small =
        new UpdateOptions(
            true, "", "stable", Duration.ofHours(1), 1000, Duration.ofMinutes(1), Duration.ZERO);
    Updater updater = updater(installed, small, "agent-1");
    AgentRelease release = updater.available().orElseThrow();
    assertThatThrownBy(() -> updater.install(release)).hasMessageContaining("update.max-bytes");
    assertThat(askedFor(".*\\.jar")).isZero();
  }

  @Test
  void aFullDiskChangesNothing() throws Exception {
    Optional<SmallDisk> disk = SmallDisk.tryMount(24);
    assumeTrue(disk.isPresent(), "not permitted to mount a tmpfs");
    try (SmallDisk small = disk.get()) {
      Path jar = directory.resolve("publisher").resolve("1.0.jar");
      InstalledVersions onSmall = installIn(small.directory().resolve("home"), jar);
      publisher.release("1.1", 2);
      AgentRelease release = updater(onSmall, OPTIONS, "a").available().orElseThrow();
      small.fill();
      assertThatThrownBy(() -> updater(onSmall, OPTIONS, "a").install(release))
          .isInstanceOf(IOException.class);
      assertThat(onSmall.active()).isEqualTo(new ActiveVersion("1.0", "", 0));
      small.free();
      updater(onSmall, OPTIONS, "a").install(release);
      assertThat(onSmall.active().current()).isEqualTo("1.1");
    }
  }

  /** The room is there when it is asked for and gone when it is written to. */
  @Test
  void aDiskThatBecomesFullInBetweenChangesNothing() throws Exception {
    publisher.release("1.1", 2);
    InstalledVersions failing =
        new InstalledVersions(
            home,
            step -> {
              if (step.equals("active written")) {
                throw new IOException("No space left on device");
              }
            });
    Updater updater = updater(failing, OPTIONS, "a");
    AgentRelease release = updater.available().orElseThrow();
    assertThatThrownBy(() -> updater.install(release)).hasMessageContaining("No space");
    assertThat(installed.active()).isEqualTo(new ActiveVersion("1.0", "", 0));
    update();
    assertThat(installed.active().current()).isEqualTo("1.1");
  }

  @Test
  void twoVersionsAreKeptAndNoMore() throws Exception {
    for (String version : List.of("1.1", "1.2", "1.3")) {
      publisher.release(version, version.hashCode());
      update();
      installed.confirm();
    }
    assertThat(installed.active()).isEqualTo(new ActiveVersion("1.3", "1.2", 0));
    try (var left = Files.list(home.resolve("versions"))) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("1.2", "1.3");
    }
  }

  @Test
  void keysMayChangeBetweenUpdates() throws Exception {
    publisher.open().rotate("targets", new RoleShare(2, 2));
    publisher.open().rotate("root", new RoleShare(1, 2));
    publisher.release("1.1", 2);
    update();
    assertThat(installed.active().current()).isEqualTo("1.1");
  }
}
