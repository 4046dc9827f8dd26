package dev.tidewatch.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference page lists exactly the settings there are. */
class AgentReferenceTest {
  private static final Path PAGE = Path.of("../docs/reference/agent.md");
  private static final String BEGIN = "<!-- settings -->\n";
  private static final String END = "<!-- /settings -->";

  private static String table() {
    StringBuilder table =
        new StringBuilder("| key | default | values | meaning |\n|---|---|---|---|\n");
    for (Setting setting : Settings.known()) {
      table.append("| `").append(setting.key()).append("` | `").append(setting.fallback());
      table.append("` | ").append(setting.kind().format());
      table.append(" | ").append(setting.description()).append(" |\n");
    }
    return table.toString();
  }

  @Test
  void listsEverySettingWithItsDefault() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    if (Boolean.getBoolean("tidewatch.write-reference")) {
      page = page.substring(0, begin) + table() + page.substring(end);
      Files.writeString(PAGE, page);
      end = page.indexOf(END);
    }
    assertThat(page.substring(begin, end))
        .as("run with -Dtidewatch.write-reference=true to write it")
        .isEqualTo(table());
  }
}
