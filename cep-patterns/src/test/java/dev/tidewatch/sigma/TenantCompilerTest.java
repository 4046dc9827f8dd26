package dev.tidewatch.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.sigma.TenantCompiler.Compilations;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
}
