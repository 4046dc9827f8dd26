package dev.tidewatch.agent.update.tuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
  private static String text(Object value) {
    return new String(CanonicalJson.of(value), StandardCharsets.UTF_8);
  }

  @Test
  void hasOneFormForEachValue() {
    assertThat(text(Map.of())).isEqualTo("{}");
    assertThat(text(List.of(1L, 2L, 3L))).isEqualTo("[1,2,3]");
    assertThat(text(Map.of("B", List.of("x", true), "A", Map.of("C", -7L))))
        .isEqualTo("{\"A\":{\"C\":-7},\"B\":[\"x\",true]}");
    // Only these two are escaped, a line's end is not.
    assertThat(text("a\"b\\c\nd\u00fc")).isEqualTo("\"a\\\"b\\\\c\nd\u00fc\"");
  }

  @Test
  void sortsByBytesAndNotByUtf16() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("\ud83d\ude00", 1L);
    map.put("\uff5e", 2L);
    assertThat(text(map)).isEqualTo("{\"\uff5e\":2,\"\ud83d\ude00\":1}");
  }

  @Test
  void refusesWhatHasNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> CanonicalJson.of(1.5));
  }

  /** The id is what the reference implementation gives (securesystemslib 1.6.0). */
  @Test
  void givesAKeyItsId() {
    Map<String, Object> key =
        Map.of(
            "keytype", "ed25519",
            "scheme", "ed25519",
            "keyval",
                Map.of(
                    "public", "edcd0a32a07dce33f7c7873aaffbff36d20ea30787574ead335eefd337e4dacd"));
    assertThat(SigningKeys.id(key))
        .isEqualTo("2345a90ad8d76f3677f9ad6695b0ba0b5c7b7fbf27fb0ed35fbdf7b71264a679");
  }
}
