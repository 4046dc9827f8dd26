package dev.tidewatch.control.gateway.enrollment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileEnrollmentStoreTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("enrollment.ndjson");
  }

  private static EnrolledAgent agent(String id, String tenant) {
    return new EnrolledAgent(
        id, tenant, "host", "Linux", "1", "ff", NOW, "01", NOW.plusSeconds(60), null, null);
  }

  private FileEnrollmentStore open() throws IOException {
    return FileEnrollmentStore.open(file, NOW);
  }

  @Test
  void everythingIsThereAfterARestart() throws IOException {
    try (FileEnrollmentStore store = open()) {
      store.addToken(Secrets.hash("used"), "acme", NOW.plusSeconds(10));
      store.addToken(Secrets.hash("open"), "acme", NOW.plusSeconds(10));
      store.addToken(Secrets.hash("over"), "acme", NOW);
      assertThat(store.redeem("used", NOW, tenant -> agent("a1", tenant))).isPresent();
      assertThat(store.revoke("a1", "lost")).isTrue();
      store.flagClone("a1", "ee");
      store.renewed("a1", "02", NOW.plusSeconds(99));
      store.addApiKey("k1", "acme", "x");
      store.addApiKey("k2", "acme", "y");
      assertThat(store.removeApiKey("k2")).isTrue();
      assertThat(store.revoke("a2", "unknown")).isFalse();
    }
    for (int restart = 0; restart < 2; restart++) {
      try (FileEnrollmentStore store = open()) {
        EnrolledAgent agent = store.agent("a1").orElseThrow();
        assertThat(agent.revoked()).isEqualTo("lost");
        assertThat(agent.cloneFingerprint()).isEqualTo("ee");
        assertThat(agent.certificateSerial()).isEqualTo("02");
        assertThat(store.redeem("used", NOW, tenant -> agent("a9", tenant))).isEmpty();
        assertThat(store.redeem("over", NOW, tenant -> agent("a9", tenant))).isEmpty();
        assertThat(store.tenantOfApiKey("k1")).hasValue("acme");
        assertThat(store.tenantOfApiKey("k2")).isEmpty();
      }
    }
    try (FileEnrollmentStore store = open()) {
      assertThat(store.redeem("open", NOW, tenant -> agent("a3", tenant))).isPresent();
    }
  }

  @Test
  void aTokenWhoseAgentFailsIsNotUsedUp() throws IOException {
    try (FileEnrollmentStore store = open()) {
      store.addToken(Secrets.hash("t"), "acme", NOW.plusSeconds(10));
      assertThatThrownBy(
              () ->
                  store.redeem(
                      "t",
                      NOW,
                      tenant -> {
                        throw new IllegalArgumentException("bad");
                      }))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(store.redeem("t", NOW, tenant -> agent("a1", tenant))).isPresent();
    }
  }

  @Test
  void halfALineIsWhatACrashLeft() throws IOException {
    try (FileEnrollmentStore store = open()) {
      store.addToken(Secrets.hash("t"), "acme", NOW.plusSeconds(10));
    }
    Files.writeString(file, "{\"kind\":\"agent\",\"id\":", StandardOpenOption.APPEND);
    try (FileEnrollmentStore store = open()) {
      assertThat(store.agents()).isEmpty();
      assertThat(store.redeem("t", NOW, tenant -> agent("a1", tenant))).isPresent();
    }
    try (FileEnrollmentStore store = open()) {
      assertThat(store.agents()).hasSize(1);
    }
  }

  @Test
  void aDamagedLineIsNamedAndNothingIsOverwritten() throws IOException {
    Files.writeString(file, "{\"kind\":\"token\"}\n");
    assertThatThrownBy(this::open).hasMessageContaining("line 1 is damaged");
    assertThat(file).hasContent("{\"kind\":\"token\"}");
  }
}
