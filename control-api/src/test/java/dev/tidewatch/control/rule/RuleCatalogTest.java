package dev.tidewatch.control.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.control.v1.ListRulesRequest;
import dev.tidewatch.control.v1.ListRulesResponse;
import dev.tidewatch.control.v1.Rule;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RuleCatalogTest {
  private static final int RULES = 23;
  private static final Sight ALL = new Sight("acme", true);

  private final RuleCatalog catalog =
      new RuleCatalog(
          new SigmaCompiler()
              .compile(IntStream.range(0, RULES).mapToObj(RuleCatalogTest::source).toList()),
          RuleBook.EMPTY);

  private static RuleSource source(int n) {
    return new RuleSource(
        n + ".yml",
        """
        title: %s rule %02d
        id: 00000000-0000-4000-8000-0000000000%02d
        level: high
        tags: [attack.execution, attack.t1059.00%d]
        logsource: {product: windows, category: process_creation}
        detection:
          selection: {CommandLine|contains: 'x%d'}
          condition: selection
        """
            .formatted(n % 2 == 0 ? "Upper" : "lower", n, n, n % 3 + 1, n));
  }

  private static RuleFilter words(String text) {
    return RuleFilter.of(ListRulesRequest.newBuilder().setText(text).build());
  }

  @Test
  void pagesByTitleWhateverItsCaseAddUpToAll() {
    List<String> titles = new ArrayList<>();
    Optional<ListPlace> place = Optional.empty();
    do {
      ListRulesResponse page = catalog.page(words(""), ALL, 5, place);
      assertThat(page.getTotal()).isEqualTo(RULES);
      page.getRulesList().forEach(rule -> titles.add(rule.getTitle()));
      place = ListPlace.parse(page.getNextPageToken());
    } while (place.isPresent());

    assertThat(titles).hasSize(RULES).doesNotHaveDuplicates();
    assertThat(titles).isSortedAccordingTo(String.CASE_INSENSITIVE_ORDER);
    assertThat(titles.get(0)).startsWith("lower");
  }

  @Test
  void wordsAreSoughtInTitleIdAndTags() {
    assertThat(catalog.page(words("UPPER t1059.001"), ALL, 100, Optional.empty()).getRulesList())
        .isNotEmpty()
        .allMatch(rule -> rule.getTitle().startsWith("Upper"))
        .allMatch(rule -> rule.getTagsList().contains("attack.t1059.001"));
    assertThat(catalog.page(words("000007"), ALL, 100, Optional.empty()).getRulesList()).hasSize(1);
    assertThat(catalog.page(words("no such thing"), ALL, 100, Optional.empty()).getTotal())
        .isZero();
  }

  @Test
  void theSourceComesOnlyWithOneRule() {
    Rule listed = catalog.page(words(""), ALL, 1, Optional.empty()).getRules(0);
    assertThat(listed.getSource()).isEmpty();
    assertThat(listed.getLevel()).isEqualTo(Level.LEVEL_HIGH);
    assertThat(listed.getTechniqueIdsList()).allMatch(id -> id.startsWith("T1059.00"));
    Rule one = catalog.get(listed.getRuleId(), ALL).orElseThrow();
    assertThat(one.getSource()).contains("detection:");
    assertThat(catalog.get("none", ALL)).isEmpty();
  }

  @Test
  void tokensOfOthersAreNone() {
    assertThat(ListPlace.parse("???")).isEmpty();
    assertThat(ListPlace.parse("bm90aGluZw")).isEmpty();
    ListPlace place = new ListPlace("title \u00e9", "id");
    assertThat(ListPlace.parse(place.token())).hasValue(place);
  }
}
