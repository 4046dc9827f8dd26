package dev.tidewatch.deploy;

import dev.tidewatch.sigma.RuleDocument;
import dev.tidewatch.sigma.RuleSource;
import java.util.List;

/** Rules as documents. */
final class SampleRules {
  private SampleRules() {}

  static String id(int number) {
    return "00000000-0000-4000-8000-%012d".formatted(number);
  }

  static RuleDocument rule(int number, String value) {
    String text =
        """
        title: rule %d
        id: %s
        status: test
        level: low
        logsource:
          product: windows
        detection:
          selection:
            Image: %s
          condition: selection
        """
            .formatted(number, id(number), value);
    return RuleDocument.of(List.of(new RuleSource(number + ".yml", text))).get(0);
  }
}
