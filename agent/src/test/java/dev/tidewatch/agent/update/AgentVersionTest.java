package dev.tidewatch.agent.update;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AgentVersionTest {
  @Test
  void areInTheOrderOfTheirNumbersAndBeforeThemTheirPreviews() {
    List<AgentVersion> ordered =
        List.of(
                "0.1.0-SNAPSHOT",
                "0.1.0",
                "0.9.9",
                "0.10.0",
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.9",
                "1.0.0-alpha.10",
                "1.0.0-beta",
                "1.0.0-rc.1",
                "1.0.0",
                "1.0.1",
                "2",
                "10.0")
            .stream()
            .map(AgentVersion::new)
            .toList();
    List<AgentVersion> shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(7));
    Collections.sort(shuffled);
    assertThat(shuffled).isEqualTo(ordered);
    assertThat(new AgentVersion("1.0")).isEqualByComparingTo(new AgentVersion("1.0.0"));
  }

  @Test
  void areSafeAsNamesOfDirectories() {
    for (String text :
        List.of(
            "",
            ".",
            "..",
            "1..2",
            "../1",
            "1/2",
            "a",
            "1.0-",
            "1.0-..",
            "1.0 ",
            "1\n",
            "-1",
            "1.2.3.4.5",
            "1.0-a/b",
            "9".repeat(10),
            "1-" + "a".repeat(80))) {
      assertThat(AgentVersion.isValid(text)).as(text).isFalse();
    }
  }
}
