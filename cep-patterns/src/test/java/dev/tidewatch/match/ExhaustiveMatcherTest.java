package dev.tidewatch.match;

import static dev.tidewatch.match.Sigma.fires;
import static dev.tidewatch.match.Sigma.matcher;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ExhaustiveMatcherTest {

  @Test
  void quantifiersCountSelections() {
    String selections = "s1:\n    A: 1\ns2:\n    B: 1\ns3:\n    C: 1\n_x:\n    D: 1\n";
    Matcher two = matcher(selections + "condition: 2 of s*");
    assertThat(fires(two, "\"A\":1")).isFalse();
    assertThat(fires(two, "\"A\":1,\"C\":1")).isTrue();
    Matcher all = matcher(selections + "condition: all of them");
    assertThat(fires(all, "\"A\":1,\"B\":1")).isFalse();
    assertThat(fires(all, "\"A\":1,\"B\":1,\"C\":1")).isTrue();
    Matcher hidden = matcher(selections + "condition: 1 of _* and not any of s*");
    assertThat(fires(hidden, "\"D\":1")).isTrue();
    assertThat(fires(hidden, "\"D\":1,\"A\":1")).isFalse();
  }

  @Test
  void mapsAreAndListsAreOr() {
    Matcher matcher = matcher("s:\n    - A: 1\n      B: 2\n    - C: 3\ncondition: s");
    assertThat(fires(matcher, "\"A\":1")).isFalse();
    assertThat(fires(matcher, "\"A\":1,\"B\":2")).isTrue();
    assertThat(fires(matcher, "\"C\":3")).isTrue();
  }

  @Test
  void timeModifiersReadTheDateAsItStands() {
    String selection = "T|hour|gte: 22\nT|month: 1\nT|day: 31\nT|year: 2025\nT|minute|lt: 30\n";
    assertThat(Sigma.holds(selection, "\"T\":\"2025-01-31T23:15:00.123+05:00\"")).isTrue();
    assertThat(Sigma.holds(selection, "\"T\":\"2025-01-31 21:15:00\"")).isFalse();
    assertThat(Sigma.holds("T|week: 1", "\"T\":\"2024-12-30\"")).isTrue();
    assertThat(Sigma.holds("T|hour: 0", "\"T\":\"2024-12-30\"")).isFalse();
    assertThat(Sigma.holds("T|year: 2020", "\"T\":1588205000.5")).isTrue();
    assertThat(Sigma.holds("T|year: 2020", "\"T\":1588205000500")).isTrue();
    assertThat(Sigma.holds("T|year|gt: 0", "\"T\":\"yesterday\"")).isFalse();
  }

  @Test
  void rulesThatFireComeInTheOrderOfTheSet() {
    List<String> files = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String id = i + "1111111-2222-4333-8444-555555555555";
      files.add(
          Sigma.rule("s:\n    F|contains: a\ncondition: s")
              .replace("11111111-2222-4333-8444-555555555555", id));
    }
    var rules = Sigma.compile(files.toArray(String[]::new)).rules();
    assertThat(Sigma.matches(new ExhaustiveMatcher(rules), "\"F\":\"a\""))
        .extracting(RuleMatch::rule)
        .isEqualTo(rules);
  }

  @Test
  void isSharedByThreads() throws Exception {
    Matcher matcher = matcher("s:\n    F|contains: '7'\ncondition: s");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> counts = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        counts.add(threads.submit(() -> countMatches(matcher)));
      }
      for (Future<Integer> count : counts) {
        assertThat(count.get()).isEqualTo(271);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static int countMatches(Matcher matcher) {
    int count = 0;
    for (int i = 0; i < 1000; i++) {
      count += fires(matcher, "\"F\":" + i) ? 1 : 0;
    }
    return count;
  }
}
