package dev.tidewatch.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void readsValuesAndFallsBackToDefaults() throws Exception {
    Settings settings =
        Settings.parse(
            "agent.properties",
            """
            # a comment
            spool.max-bytes = 64MiB
            batch.linger=50ms

            process.enabled = off
            logs.files = /a.log, /b/*.log
            """);
    assertThat(settings.size("spool.max-bytes")).isEqualTo(64L << 20);
    assertThat(settings.duration("batch.linger")).isEqualTo(Duration.ofMillis(50));
    assertThat(settings.flag("process.enabled")).isFalse();
    assertThat(settings.flag("network.enabled")).isTrue();
    assertThat(settings.list("logs.files")).containsExactly("/a.log", "/b/*.log");
  }

  @Test
  void namesEveryProblemWithLineAndKey() {
    assertThatThrownBy(
            () ->
                Settings.parse(
                    "agent.properties",
                    """
                    proces.enabled = on
                    spool.max-bytes = lots
                    process.enabled = maybe
                    what is this
                    process.rate = -1
                    batch.linger = 5
                    batch.linger = 5s
                    """))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "agent.properties:1: there is no key \"proces.enabled\"; is process.enabled meant?")
        .hasMessageContaining("agent.properties:2: spool.max-bytes: \"lots\" is not bytes")
        .hasMessageContaining("agent.properties:3: process.enabled: \"maybe\" is not on or off")
        .hasMessageContaining("agent.properties:4: \"what is this\" is not of the form")
        .hasMessageContaining("agent.properties:5: process.rate")
        .hasMessageContaining("agent.properties:6: batch.linger")
        .hasMessageContaining("agent.properties:7: batch.linger stands already in line 6");
  }

  @Test
  void namesTheWordsOfAChoice() throws Exception {
    Settings settings = Settings.parse("f", "\nspool.fsync = sometimes\n");
    var unused = settings.choice("spool.fsync", Map.of("always", 1));
    assertThatThrownBy(() -> settings.requireNoProblems("f"))
        .hasMessage("f:2: spool.fsync: \"sometimes\" is none of always");
  }

  @Test
  void everyDefaultIsOfItsKind() throws Exception {
    StringBuilder text = new StringBuilder();
    for (Setting setting : Settings.known()) {
      text.append(setting.key()).append(" = ").append(setting.fallback()).append('\n');
    }
    assertThat(Settings.parse("defaults", text.toString()).flag("process.enabled")).isTrue();
  }
}
