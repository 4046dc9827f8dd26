package dev.tidewatch.agent.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.agent.update.AgentVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseRepositoryTest {
  @TempDir Path directory;

  @Test
  void whatWasPublishedDoesNotChange() throws Exception {
    TestPublisher publisher = new TestPublisher(directory);
    publisher.release("1.0", 1);
    assertThatThrownBy(() -> publisher.release("1.0", 2)).hasMessageContaining("already");
    assertThatThrownBy(() -> publisher.open().withdraw(new AgentVersion("7")))
        .hasMessage("there is no version 7");
    assertThatThrownBy(() -> publisher.open().rollout(new AgentVersion("1.0"), 101))
        .hasMessageContaining("0 to 100");
    assertThatThrownBy(() -> new TestPublisher(directory)).hasMessageContaining("already");
  }

  @Test
  void patchesStartFromTheNewestVersionsBefore() throws Exception {
    TestPublisher publisher = new TestPublisher(directory);
    byte[] bytes = Files.readAllBytes(publisher.release("1.0", 1));
    for (String version : List.of("1.2", "1.1", "1.4-rc.1", "2.0", "1.3")) {
      bytes[version.hashCode() & 0xfff] ^= 1;
      Path jar = Files.write(directory.resolve("jar"), bytes);
      var patches = publisher.open().add(new AgentVersion(version), jar, List.of("stable"), 100, 2);
      if (version.equals("1.3")) {
        assertThat(patches.keySet()).containsExactly("1.2", "1.1");
      }
    }
    assertThat(publisher.open().offers())
        .extracting(offer -> offer.version().text())
        .containsExactly("2.0", "1.4-rc.1", "1.3", "1.2", "1.1", "1.0");
  }

  @Test
  void theDailySignatureTakesNeitherRootNorTargetsKeys() throws Exception {
    TestPublisher publisher = new TestPublisher(directory);
    publisher.release("1.0", 1);
    Path away = Files.createDirectory(directory.resolve("safe"));
    moveKeys(publisher.keys, away, "root");
    moveKeys(publisher.keys, away, "targets");
    publisher.passDays(5);
    assertThat(publisher.open().refresh()).isFalse();
    publisher.passDays(20);
    assertThat(publisher.open().refresh()).isFalse();
    assertThat(publisher.open().state().get("snapshot")).startsWith("version 3, until 2027-01-15");
    assertThatThrownBy(() -> publisher.release("1.1", 2))
        .hasMessageContaining("0 of the 1 keys that have to sign for targets");
    assertThatThrownBy(() -> publisher.open().rotate("timestamp", new RoleShare(1, 1)))
        .hasMessageContaining("sign for root");
    assertThat(publisher.open().offers()).hasSize(1);
    ReleaseRepository withStick =
        ReleaseRepository.open(
            publisher.repository,
            new KeyDirectory(List.of(publisher.keys, away)),
            Validity.DEFAULT,
            publisher.clock());
    withStick.rotate("timestamp", new RoleShare(1, 1));
    assertThat(withStick.state().get("root")).startsWith("version 2");
  }

  private static void moveKeys(Path from, Path to, String role) throws IOException {
    try (var files = Files.list(from)) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith(role)).toList()) {
        Files.move(file, to.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void keysAreTheirOwnersOnly() throws Exception {
    TestPublisher publisher = new TestPublisher(directory, Map.of("root", new RoleShare(2, 3)));
    try (var files = Files.list(publisher.keys)) {
      List<Path> keys = files.toList();
      assertThat(keys).hasSize(6);
      for (Path key : keys) {
        assertThat(Files.getPosixFilePermissions(key))
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }
    }
  }

  @Test
  void twoPublishersDoNotMix() throws Exception {
    TestPublisher publisher = new TestPublisher(directory);
    try (var channel =
            java.nio.channels.FileChannel.open(
                publisher.repository.resolve(".lock"),
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(() -> publisher.release("1.0", 1)).hasMessageContaining("somebody else");
    }
    publisher.release("1.0", 1);
  }
}
