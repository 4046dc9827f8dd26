package dev.tidewatch.jobs.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.match.RuleMatch;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertReasonTest {
  private static RuleMatch.Field field(String name, String operator, String pattern) {
    return new RuleMatch.Field(name, "value", "selection", operator, pattern);
  }

  @ParameterizedTest
  @CsvSource({
    "CommandLine, contains, -enc, CommandLine contains -enc",
    "Image, endswith, \\cmd.exe, Image ends with \\cmd.exe",
    "Image, startswith, C:\\, Image starts with C:\\",
    "EventID, equals, 1, EventID is 1",
    "Path, re, ^a.*b$, Path matches ^a.*b$",
    "ip, cidr, 10.0.0.0/8, ip is in 10.0.0.0/8",
    "a, exists, true, a exists",
    "a, null, '', a is null",
    "'', keyword, mimikatz, the event contains mimikatz",
    "n, gt, 5, n gt 5",
  })
  void aPredicateReadsAsASentence(String name, String operator, String pattern, String sentence) {
    assertThat(AlertReason.of(List.of(field(name, operator, pattern)))).isEqualTo(sentence);
  }

  @Test
  void manyPredicatesAreCounted() {
    List<RuleMatch.Field> fields =
        IntStream.range(0, 7).mapToObj(i -> field("f" + i, "equals", "x")).toList();

    assertThat(AlertReason.of(fields))
        .isEqualTo("f0 is x · f1 is x · f2 is x · f3 is x · and 3 more");
  }

  @Test
  void untrustedTextStaysOneShortLine() {
    String reason =
        AlertReason.of(List.of(field("a\nb", "contains", "x\r\n\u001b[31m" + "y".repeat(999))));

    assertThat(reason).doesNotContain("\n", "\r", "\u001b").hasSizeLessThan(200).endsWith("…");
  }
}
