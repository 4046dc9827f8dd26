package dev.tidewatch.sigma.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlaceholdersTest {
  private static final Map<String, List<String>> LISTS =
      Map.of("Servers", List.of("fs01", "fs02"), "Shares", List.of("c$"));

  @Test
  void everyCombinationOfValues() throws Exception {
    assertThat(Placeholders.expand("%Servers%/%Shares%", LISTS).values())
        .containsExactly("fs01/c$", "fs02/c$");
  }

  @Test
  void anEscapedPercentIsAPercent() throws Exception {
    assertThat(Placeholders.expand("\\%Servers\\%", LISTS).values()).containsExactly("%Servers%");
  }

  @Test
  void aDoubledBackslashDoesNotEscapeWhatFollows() throws Exception {
    assertThat(Placeholders.expand("\\\\\\\\%Servers%\\x", LISTS).values())
        .containsExactly("\\\\\\\\fs01\\x", "\\\\\\\\fs02\\x");
    assertThat(Placeholders.expand("\\\\%Shares%", LISTS).values()).containsExactly("\\\\c$");
  }

  @Test
  void namesWithoutAListAreTold() throws Exception {
    Placeholders placeholders = Placeholders.expand("%Servers% %None%", LISTS);
    assertThat(placeholders.names()).containsExactly("None");
    assertThat(placeholders.values()).isEmpty();
  }
}
