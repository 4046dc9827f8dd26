package dev.tidewatch.jobs.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.deploy.Deployment;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.events.v1.Stage;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.RuleDocument;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaRule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class RuleSetCompilerTest {
  private final RuleFaults faults = new RuleFaults(3);
  private final BaseIndex index = new BaseIndex(faults);
  private final RuleSetCompiler compiler = new RuleSetCompiler(faults, index);
  private RuleBook book = RuleBook.EMPTY;

  private static String id(int number) {
    return "00000000-0000-4000-8000-%012d".formatted(number);
  }

  private static String rule(int number, String program) {
    return """
        title: Program %s
        id: %s
        name: rule%d
        status: test
        level: low
        logsource:
          product: windows
          category: process_creation
        detection:
          selection:
            Image|endswith: '\\%s.exe'
          condition: selection
        """
        .formatted(program, id(number), number, program);
  }

  private static String correlation(int number, String of) {
    return """
        title: Many of %s
        id: %s
        status: test
        level: high
        correlation:
          type: event_count
          rules: [%s]
          group-by: [Computer]
          timespan: 5m
          condition:
            gte: 3
        """
        .formatted(of, id(number), of);
  }

  private void deploy(String text, RuleStage stage, String... tenants) {
    Deployment deployment = new Deployment(book, "test", Clock.systemUTC());
    for (RuleDocument document : RuleDocument.of(List.of(new RuleSource("f.yml", text)))) {
      int version = deployment.deploy(document, stage, Set.copyOf(Arrays.asList(tenants)));
      assertThat(version).isPositive();
    }
    book = deployment.plan().after();
  }

  private static List<String> fired(RuleSet set, String program) throws Exception {
    String payload =
        """
        {"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"C:\\\\%s.exe"}"""
            .formatted(program);
    EventDocument event = EventDocument.parse(payload.getBytes(StandardCharsets.UTF_8));
    return set.matcher().match(event).stream()
        .map(RuleMatch::rule)
        .map(fired -> set.placed(fired).key())
        .toList();
  }

  private static PlacedRule placed(RuleSet set, String key) {
    return set.placed().stream().filter(rule -> rule.key().equals(key)).findFirst().orElseThrow();
  }

  @Test
  void layersAnswerLikeAnIndexOfAll() throws Exception {
    deploy(rule(1, "a"), RuleStage.RULE_STAGE_LIVE);
    deploy(rule(2, "b"), RuleStage.RULE_STAGE_LIVE);
    RuleSet first = compiler.compile(book);
    assertThat(first.isLayered()).isFalse();

    deploy(rule(1, "c"), RuleStage.RULE_STAGE_LIVE);
    deploy(rule(3, "a"), RuleStage.RULE_STAGE_LIVE);
    RuleSet second = compiler.compile(book);

    assertThat(second.isLayered()).isTrue();
    assertThat(fired(second, "a")).containsExactly(id(3) + "@1");
    assertThat(fired(second, "b")).containsExactly(id(2) + "@1");
    assertThat(fired(second, "c")).containsExactly(id(1) + "@2");
    List<SigmaRule> rules = second.placed().stream().map(PlacedRule::rule).toList();
    RuleSet merged = second.with(index.merge(rules));
    assertThat(merged.isLayered()).isFalse();
    for (String program : List.of("a", "b", "c")) {
      assertThat(fired(merged, program)).isEqualTo(fired(second, program));
    }
  }

  @Test
  void aRuleThatDoesNotCompileRefusesItsRevisionButNotTheFirst() throws Exception {
    deploy(rule(1, "a"), RuleStage.RULE_STAGE_LIVE);
    deploy(correlation(2, "gone"), RuleStage.RULE_STAGE_LIVE);
    RuleSet first = compiler.compile(book);
    assertThat(first.size()).isEqualTo(1);
    assertThat(faults.all()).extracting(fault -> fault.getRuleId()).containsExactly(id(2));

    RuleBook good = book;
    deploy(correlation(3, "gone too"), RuleStage.RULE_STAGE_LIVE);
    assertThatThrownBy(() -> compiler.compile(book))
        .isInstanceOf(RefusedRevisionException.class)
        .hasMessageContaining(id(3) + "@1");

    book = good;
    deploy(rule(4, "d"), RuleStage.RULE_STAGE_LIVE);
    assertThat(compiler.compile(book).size()).as("what was broken before stays out").isEqualTo(2);
  }

  @Test
  void aCorrelationInShadowSilencesNothing() throws Exception {
    deploy(rule(1, "a"), RuleStage.RULE_STAGE_LIVE);
    deploy(correlation(2, "rule1"), RuleStage.RULE_STAGE_SHADOW);
    RuleSet shadow = compiler.compile(book);
    assertThat(placed(shadow, id(1) + "@1").silent()).isFalse();
    assertThat(shadow.stateful().get(id(2) + "@1"))
        .extracting(PlacedStatefulRule::stage)
        .isEqualTo(Stage.STAGE_SHADOW);

    deploy(correlation(2, "rule1"), RuleStage.RULE_STAGE_LIVE);

    assertThat(placed(compiler.compile(book), id(1) + "@1").silent()).isTrue();
  }

  @Test
  void ofTwoVersionsTheLiveOneFeedsEachTenant() throws Exception {
    deploy(rule(1, "a"), RuleStage.RULE_STAGE_LIVE);
    deploy(rule(1, "b"), RuleStage.RULE_STAGE_LIVE, "canary");
    deploy(rule(1, "c"), RuleStage.RULE_STAGE_SHADOW);
    deploy(rule(1, "a"), RuleStage.RULE_STAGE_LIVE);
    deploy(rule(1, "b"), RuleStage.RULE_STAGE_LIVE, "canary");
    deploy(rule(1, "c"), RuleStage.RULE_STAGE_SHADOW, "canary", "other");
    RuleSet set = compiler.compile(book);

    PlacedRule main = placed(set, id(1) + "@1");
    PlacedRule canary = placed(set, id(1) + "@2");
    PlacedRule shadow = placed(set, id(1) + "@3");
    assertThat(main.audience().covers("acme")).isTrue();
    assertThat(main.audience().covers("canary")).isFalse();
    assertThat(canary.audience().covers("canary")).isTrue();
    assertThat(canary.audience().covers("acme")).isFalse();
    assertThat(canary.feeds().covers("canary")).isTrue();
    assertThat(shadow.audience().covers("canary")).isTrue();
    assertThat(shadow.feeds().covers("canary")).isFalse();
    assertThat(shadow.feeds().covers("other")).isFalse();
    assertThat(main.feeds().covers("other")).isTrue();
  }

  @Test
  void aTenantsCorrelationIsFedByThatTenantsRules() throws Exception {
    deploy(rule(1, "a"), RuleStage.RULE_STAGE_LIVE, "acme");
    assertThat(compiler.compile(book).size()).isEqualTo(1);
    deploy(correlation(2, "rule1"), RuleStage.RULE_STAGE_LIVE, "acme");
    RuleSet own = compiler.compile(book);
    assertThat(own.stateful()).containsOnlyKeys(id(2) + "@1");
    assertThat(own.stateful().get(id(2) + "@1").audience().covers("other")).isFalse();
    assertThat(placed(own, id(1) + "@1").feeds().covers("acme")).isTrue();

    deploy(correlation(3, "rule1"), RuleStage.RULE_STAGE_SHADOW, "acme");
    deploy(rule(1, "b"), RuleStage.RULE_STAGE_LIVE, "other");
    deploy(correlation(4, id(1)), RuleStage.RULE_STAGE_LIVE, "acme", "other");
    assertThat(compiler.compile(book).stateful()).hasSize(3);
    RuleBook good = book;
    for (String[] who : List.of(new String[0], new String[] {"acme", "third"})) {
      book = good;
      deploy(correlation(5, "rule1"), RuleStage.RULE_STAGE_LIVE, who);
      assertThatThrownBy(() -> compiler.compile(book))
          .as("not all of them have it: " + List.of(who))
          .isInstanceOf(RefusedRevisionException.class)
          .hasMessageContaining(id(5) + "@1");
    }
  }

  private void lists(String tenant, String... values) {
    Deployment deployment = new Deployment(book, "test", Clock.systemUTC());
    deployment.valueLists(
        tenant,
        values.length == 0
            ? Map.of()
            : Map.of("programs", new Deployment.ValueList(1, List.of(values))));
    book = deployment.plan().after();
  }

  private static String listed(int number) {
    return rule(number, "x")
        .replace("|endswith: '\\x.exe'", "|endswith|expand: '\\\\%programs%.exe'");
  }

  private static List<String> firedFor(RuleSet set, String tenant, String program)
      throws Exception {
    String payload =
        """
        {"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"C:\\\\%s.exe"}"""
            .formatted(program);
    EventDocument event = EventDocument.parse(payload.getBytes(StandardCharsets.UTF_8));
    return set.matcher().match(event).stream()
        .map(match -> set.placed(match.rule()))
        .filter(placed -> placed.audience().covers(tenant))
        .peek(placed -> assertThat(placed.feeds().covers(tenant)).isTrue())
        .map(PlacedRule::key)
        .toList();
  }

  @Test
  void eachTenantsRuleHasItsOwnListAndTheOthersThatForAll() throws Exception {
    lists("system", "a");
    lists("acme", "b");
    deploy(listed(1), RuleStage.RULE_STAGE_LIVE);
    deploy(rule(2, "a"), RuleStage.RULE_STAGE_LIVE);
    RuleSet set = compiler.compile(book);

    assertThat(firedFor(set, "other", "a")).containsExactlyInAnyOrder(id(1) + "@1", id(2) + "@1");
    assertThat(firedFor(set, "other", "b")).isEmpty();
    assertThat(firedFor(set, "acme", "a")).containsExactly(id(2) + "@1");
    assertThat(firedFor(set, "acme", "b")).containsExactly(id(1) + "@1");

    SigmaRule forAll =
        set.placed().stream()
            .filter(placed -> placed.key().startsWith(id(1)) && placed.audience().covers("other"))
            .findAny()
            .orElseThrow()
            .rule();
    lists("acme", "c");
    RuleSet changed = compiler.compile(book);
    assertThat(firedFor(changed, "acme", "c")).containsExactly(id(1) + "@1");
    assertThat(firedFor(changed, "acme", "b")).isEmpty();
    assertThat(firedFor(changed, "other", "a")).hasSize(2);
    assertThat(changed.placed()).extracting(PlacedRule::rule).contains(forAll);

    lists("acme");
    RuleSet without = compiler.compile(book);
    assertThat(firedFor(without, "acme", "a")).hasSize(2);
    assertThat(without.placed()).hasSize(2);
  }

  @Test
  void aRuleWhoseListOneTenantHasIsThatTenantsAlone() throws Exception {
    deploy(rule(1, "a"), RuleStage.RULE_STAGE_LIVE);
    lists("acme", "b");
    lists("beta", "c");
    deploy(listed(2), RuleStage.RULE_STAGE_LIVE);
    deploy(correlation(3, "rule2"), RuleStage.RULE_STAGE_LIVE);
    RuleSet set = compiler.compile(book);

    assertThat(faults.all()).isEmpty();
    assertThat(firedFor(set, "acme", "b")).containsExactly(id(2) + "@1");
    assertThat(firedFor(set, "other", "b")).isEmpty();
    PlacedStatefulRule count = set.stateful().get(id(3) + "@1");
    assertThat(count).isNotNull();
    assertThat(List.of("acme", "beta", "other"))
        .map(tenant -> count.audience().covers(tenant))
        .containsExactly(true, true, false);
  }

  @Test
  void aCanaryHasTheListsOfItsTenants() throws Exception {
    lists("system", "a");
    lists("acme", "b");
    deploy(rule(1, "old"), RuleStage.RULE_STAGE_LIVE);
    deploy(listed(1), RuleStage.RULE_STAGE_LIVE, "acme", "beta");
    RuleSet set = compiler.compile(book);

    assertThat(firedFor(set, "acme", "b")).containsExactly(id(1) + "@2");
    assertThat(firedFor(set, "acme", "a")).isEmpty();
    assertThat(firedFor(set, "beta", "a")).containsExactly(id(1) + "@2");
    assertThat(firedFor(set, "beta", "old")).isEmpty();
    assertThat(firedFor(set, "other", "old")).containsExactly(id(1) + "@1");
  }

  @Test
  void aListThatBreaksARuleRefusesItsRevision() throws Exception {
    lists("system", "a");
    deploy(listed(1).replace("%programs%", "%programs%-%programs%"), RuleStage.RULE_STAGE_LIVE);
    RuleSet unused = compiler.compile(book);
    lists(
        "acme",
        java.util.stream.IntStream.range(0, 400).mapToObj(i -> "v" + i).toArray(String[]::new));

    assertThatThrownBy(() -> compiler.compile(book))
        .isInstanceOf(RefusedRevisionException.class)
        .hasMessageContaining(id(1) + "@1")
        .hasMessageContaining("tenant acme");
  }

  /** A small change of thousands of rules must cost what it changes. */
  @Test
  void aSmallDeltaOverTheCorpusIsFast() throws Exception {
    Path rules = Path.of(System.getProperty("tidewatch.corpus", "absent"), "sigma-rules", "rules");
    Assumptions.assumeTrue(Files.isDirectory(rules), "no corpus at " + rules);
    Deployment start = new Deployment(book, "test", Clock.systemUTC());
    Set<String> kept = start.directory(RuleDocument.of(RuleDirectory.read(List.of(rules))));
    assertThat(kept).isEmpty();
    book = start.plan().after();
    long begin = System.nanoTime();
    RuleSet first = compiler.compile(book);
    long firstMillis = (System.nanoTime() - begin) / 1_000_000;
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      deploy(rule(1, "program" + i), RuleStage.RULE_STAGE_LIVE);
      begin = System.nanoTime();
      RuleSet next = compiler.compile(book);
      millis.add((System.nanoTime() - begin) / 1_000_000);
      assertThat(next.size()).isEqualTo(first.size() + 1);
      assertThat(fired(next, "program" + i)).contains(id(1) + "@" + (i + 1));
    }
    millis.sort(Long::compare);
    System.out.printf(
        "%d rules compiled in %d ms; one changed: p50 %d ms, max %d ms%n",
        first.size(), firstMillis, millis.get(25), millis.get(49));
    assertThat(millis.get(25)).as("median, ms").isLessThan(Math.max(100, firstMillis / 4));
  }
}
