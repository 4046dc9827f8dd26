package dev.tidewatch.jobs.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.sigma.RuleSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedRulesTest {
  private static RuleTexts texts(String id) {
    return RuleTexts.of(
        List.of(
            new RuleSource(
                "a.yml",
                """
                title: a
                id: 00000000-0000-4000-8000-0000000000%s
                status: test
                level: low
                logsource:
                  product: windows
                detection:
                  selection:
                    a: 1
                  condition: selection
                """
                    .formatted(id))));
  }

  @Test
  void slotsWithTheSameRulesShareThemAndTheLastOneFreesThem() {
    int before = SharedRules.inUse();
    SharedRules.Lease one = SharedRules.lease(texts("01"), 10);
    SharedRules.Lease two = SharedRules.lease(texts("01"), 10);
    SharedRules.Lease other = SharedRules.lease(texts("02"), 10);

    assertThat(two.matcher()).isSameAs(one.matcher());
    assertThat(other.matcher()).isNotSameAs(one.matcher());
    assertThat(SharedRules.inUse()).isEqualTo(before + 2);

    one.close();
    one.close();
    assertThat(SharedRules.inUse()).as("closing twice counts once").isEqualTo(before + 2);
    two.close();
    other.close();
    assertThat(SharedRules.inUse()).isEqualTo(before);
  }

  @Test
  void rulesAreTheSameWhenNamesAndTextsAre() {
    RuleSource ab = new RuleSource("a", "b");

    assertThat(RuleTexts.of(List.of(ab)).hash()).isEqualTo(RuleTexts.of(List.of(ab)).hash());
    assertThat(RuleTexts.of(List.of(ab)).hash())
        .isNotEqualTo(RuleTexts.of(List.of(new RuleSource("ab", ""))).hash())
        .hasSize(64);
    assertThat(RuleTexts.of(List.of(ab)).sources()).containsExactly(ab);
  }
}
