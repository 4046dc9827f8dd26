package dev.tidewatch.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.sigma.TenantCompiler.Compilations;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TenantCompilerTest {
  private static final String EVERYONE = TenantCompiler.EVERYONE;
  private final TenantCompiler compiler = new TenantCompiler();

  private static RuleSource rule(String id, String condition) {
    return new RuleSource(
        id + ".yml",
        """
        title: %s
        id: %s
        name: %s
        status: test
        level: low
        logsource:
          product: windows
        detection:
          selection:
            %s
          condition: selection
        """
            .formatted(id, id, id, condition));
  }

  private static final RuleSource PLAIN = rule("plain", "Image: a.exe");
  private static final RuleSource ADMINS = rule("admins", "User|expand: '%admins%'");
  private static final RuleSource COUNT =
      new RuleSource(
          "count.yml",
          """
          title: Many
          id: count
          status: test
          level: high
          correlation:
            type: event_count
            rules: [admins]
            group-by: [Computer]
            timespan: 5m
            condition:
              gte: 3
          """);

  private Compilations compile(
      Map<String, Map<String, List<String>>> lists, RuleSource... sources) {
    return compiler.compile(List.of(sources), lists);
  }

  private static List<String> ids(SigmaCompiler.Compilation compilation) {
    return compilation.rules().stream().map(SigmaRule::id).toList();
  }

  private static List<Diagnostic> errors(Compilations compiled) {
    return compiled.told().diagnostics().stream().filter(Diagnostic::isError).toList();
  }

  @Test
  void aRuleThatAsksForAListIsCompiledForEachTenantThatHasIt() {
    Compilations compiled =
        compile(
            Map.of(
                EVERYONE,
                Map.of("admins", List.of("root")),
                "acme",
                Map.of("admins", List.of("ann", "bob")),
                "other",
                Map.of("servers", List.of("dc1"))),
            PLAIN,
            ADMINS);

    assertThat(ids(compiled.forAll())).containsExactly("plain", "admins");
    assertThat(compiled.own()).containsOnlyKeys("acme");
    assertThat(ids(compiled.own().get("acme").compiled()))
        .as("nothing that does not ask for its lists")
        .containsExactly("admins");
    assertThat(compiled.own().get("acme").compiled().rules().get(0).detection().toString())
        .contains("ann", "bob")
        .doesNotContain("root");
    assertThat(compiled.told().hasErrors()).isFalse();
  }

  @Test
  void aRuleWhoseListOnlySomeHaveIsTheirs() {
    Compilations compiled =
        compile(Map.of("acme", Map.of("admins", List.of("ann"))), PLAIN, ADMINS, COUNT);

    assertThat(ids(compiled.forAll())).containsExactly("plain");
    assertThat(compiled.forAll().stateful()).isEmpty();
    assertThat(compiled.isSomebodys("admins")).isTrue();
    assertThat(compiled.isSomebodys("count")).isTrue();
    assertThat(ids(compiled.told())).containsExactly("plain", "admins");
    assertThat(compiled.told().stateful()).hasSize(1);
    assertThat(errors(compiled)).isEmpty();
    assertThat(compiled.told().refused()).isZero();
  }

  @Test
  void aRuleWhoseListNobodyHasIsRefused() {
    Compilations compiled = compile(Map.of("acme", Map.of("x", List.of("y"))), PLAIN, ADMINS);

    assertThat(compiled.isSomebodys("admins")).isFalse();
    assertThat(errors(compiled))
        .extracting(Diagnostic::code)
        .containsExactly(DiagnosticCode.UNDEFINED_PLACEHOLDER.code());
  }

  @Test
  void whatATenantsListsBreakIsLostToItAloneAndTold() {
    RuleSource pairs = rule("pairs", "User|expand: '%admins%-%admins%'");
    List<String> many = Collections.nCopies(1_000, "x");
    Compilations compiled =
        compile(
            Map.of(EVERYONE, Map.of("admins", List.of("root")), "acme", Map.of("admins", many)),
            pairs);

    assertThat(ids(compiled.forAll())).containsExactly("pairs");
    assertThat(compiled.own().get("acme").lost()).containsExactly("pairs");
    assertThat(errors(compiled))
        .singleElement()
        .extracting(Diagnostic::message)
        .asString()
        .contains("tenant acme");
  }

  @Test
  void aFilterAppliesToWhatATenantHasForItself() {
    RuleSource filter =
        new RuleSource(
            "filter.yml",
            """
            title: Not on the build server
            id: filter
            logsource:
              product: windows
            filter:
              rules: [admins]
              selection:
                Computer: build
              condition: not selection
            """);
    Compilations compiled =
        compile(Map.of("acme", Map.of("admins", List.of("ann"))), ADMINS, filter, PLAIN);

    assertThat(compiled.own().get("acme").compiled().rules().get(0).detection().toString())
        .contains("build");
  }

  @Test
  void listsThatChangeAreReadAnew() {
    Map<String, List<String>> before = Map.of("admins", List.of("root"));
    SigmaRule plain = compile(Map.of(EVERYONE, before), PLAIN, ADMINS).forAll().rules().get(0);

    Compilations after = compile(Map.of(EVERYONE, Map.of("admins", List.of("ann"))), PLAIN, ADMINS);

    assertThat(after.forAll().rules().get(0)).as("is not read again").isSameAs(plain);
    assertThat(after.forAll().rules().get(1).detection().toString()).contains("ann");
  }

  /** Texts that have to do with no other. */
  private static List<RuleSource> apart() {
    List<RuleSource> apart = new ArrayList<>(List.of(PLAIN));
    for (int i = 0; i < 8; i++) {
      apart.add(rule("r" + i, "Image: a%d.exe".formatted(i)));
      apart.add(rule("r" + i, "Image: b%d.exe".formatted(i)));
    }
    return apart;
  }

  /** Texts that have to do with some of those, or with each other, or are wrong. */
  private static List<RuleSource> odd() {
    return List.of(
        ADMINS,
        COUNT,
        new RuleSource("again.yml", PLAIN.text()),
        rule("broken", "Image|nosuch: x"),
        count("few", "r0", 3),
        count("few", "r1", 4),
        count("chain", "few", 2),
        count("lost", "nowhere", 2),
        new RuleSource(
            "filter.yml",
            """
            title: Not on the build server
            id: filter
            logsource: {product: windows}
            filter:
              rules: [r2]
              selection: {Computer: build}
              condition: not selection
            """));
  }

  private static RuleSource count(String id, String of, int times) {
    return new RuleSource(
        id + ".yml",
        COUNT
            .text()
            .replace("id: count", "id: " + id + "\nname: " + id)
            .replace("admins", of)
            .replace("gte: 3", "gte: " + times));
  }

  private static String told(SigmaCompiler.Compilation compiled) {
    return String.join(
        "\n",
        String.valueOf(compiled.files()),
        compiled.rules().toString(),
        compiled.inline().toString(),
        compiled.stateful().stream().map(rule -> rule.id() + rule.members()).toList().toString(),
        compiled.diagnostics().toString(),
        compiled.refused() + " " + compiled.refusedByCode());
  }

  /** Sets that grow out of each other, against a compiler that has never seen anything. */
  @Test
  void whatIsMadeOfTheLastCompilationIsWhatAllTogetherWouldBe() {
    Random random = new Random(20_261_122);
    List<RuleSource> apart = apart();
    List<RuleSource> odd = odd();
    List<Map<String, Map<String, List<String>>>> lists =
        List.of(
            Map.of(),
            Map.of(EVERYONE, Map.of("admins", List.of("root"))),
            Map.of("acme", Map.of("admins", List.of("ann"))));
    List<RuleSource> now = new ArrayList<>(apart.subList(1, 6));
    Map<String, Map<String, List<String>>> with = lists.get(0);
    for (int step = 0; step < 150; step++) {
      now.removeIf(some -> odd.contains(some) && random.nextInt(4) == 0);
      for (int change = random.nextInt(3); change > 0; change--) {
        List<RuleSource> pool = random.nextInt(5) == 0 ? odd : apart;
        RuleSource some = pool.get(random.nextInt(pool.size()));
        if (!now.remove(some)) {
          now.removeIf(other -> other.file().equals(some.file()) && random.nextInt(20) > 0);
          now.add(random.nextInt(now.size() + 1), some);
        }
      }
      with = random.nextInt(20) == 0 ? lists.get(random.nextInt(lists.size())) : with;
      Compilations made = compiler.compile(now, with);
      Compilations fresh = new TenantCompiler().compile(now, with);
      assertThat(told(made.forAll())).as("step %d", step).isEqualTo(told(fresh.forAll()));
      assertThat(told(made.told())).as("step %d", step).isEqualTo(told(fresh.told()));
      assertThat(made.own().keySet()).isEqualTo(fresh.own().keySet());
    }
    assertThat(compiler.together()).as("compiled together, of 150").isBetween(30, 120);
  }

  @Test
  void aRuleThatNobodyNamesComesAndGoesAlone() {
    RuleSource other = rule("other", "Image: b.exe");
    RuleSource third = rule("third", "Image: c.exe");
    SigmaRule plain = compile(Map.of(), PLAIN, other).forAll().rules().get(0);

    assertThat(ids(compile(Map.of(), PLAIN, third, other).forAll()))
        .containsExactly("plain", "third", "other");
    Compilations without = compile(Map.of(), other, PLAIN);
    assertThat(ids(without.forAll())).containsExactly("other", "plain");
    assertThat(without.forAll().rules().get(1)).isSameAs(plain);
    assertThat(compiler.together()).isEqualTo(1);

    assertThat(errors(compile(Map.of(), PLAIN, other, new RuleSource("x.yml", PLAIN.text()))))
        .extracting(Diagnostic::code)
        .containsExactly(DiagnosticCode.DUPLICATE_ID.code());
    assertThat(compiler.together()).isEqualTo(2);
  }
}
