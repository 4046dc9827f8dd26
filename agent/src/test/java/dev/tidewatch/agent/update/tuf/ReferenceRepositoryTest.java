package dev.tidewatch.agent.update.tuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.agent.update.AgentRelease;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the reference implementation wrote is understood. */
class ReferenceRepositoryTest {
  private static final Path REPOSITORY = Path.of("src/test/resources/tuf-reference");
  private static final String TARGETS = "3.targets.json";

  @TempDir Path trusted;
  private String targets = "";

  @BeforeEach
  void install() throws Exception {
    Files.copy(REPOSITORY.resolve("1.root.json"), trusted.resolve("root.json"));
    targets = Files.readString(REPOSITORY.resolve(TARGETS));
  }

  private TufClient client() {
    return new TufClient(
        path -> {
          Path file = REPOSITORY.resolve(path);
          if (path.equals(TARGETS)) {
            return Optional.of(
                new java.io.ByteArrayInputStream(targets.getBytes(StandardCharsets.UTF_8)));
          }
          return Files.isRegularFile(file)
              ? Optional.of(Files.newInputStream(file))
              : Optional.empty();
        },
        new MetadataDirectory(trusted),
        TufLimits.DEFAULT,
        Transfer.DEFAULT,
        () -> Instant.parse("2026-11-21T00:00:00Z"));
  }

  @Test
  void signaturesHashesAndCustomFieldsHold() throws Exception {
    TufClient client = client();
    Map<String, TargetFile> files = client.refresh();
    TargetFile file = files.get("agent/7.1.0/tidewatch-agent.jar");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    client.download(file, out);
    assertThat(out).hasToString("a target of the reference implementation\n");
    assertThat(AgentRelease.of(files))
        .extracting(release -> release.version().text())
        .containsExactly("7.1.0");
    assertThat(trusted.resolve("root.json"))
        .hasSameBinaryContentAs(REPOSITORY.resolve("2.root.json"));
  }

  /** The escapes are part of what is signed: the check does not skip them. */
  @Test
  void aChangedTextIsNoticed() {
    targets = targets.replace("quoted", "quotes");
    assertThatThrownBy(() -> client().refresh())
        .isInstanceOfSatisfying(
            TufException.class,
            e -> assertThat(e.reason()).isEqualTo(TufException.Reason.MISMATCH));
  }
}
