package dev.tidewatch.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.match.ExhaustiveMatcher;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever is written, the compiler returns: rules that can be planned, or findings. */
class CompilerFuzzTest {
  private static final String RULE =
      """
      title: A rule
      id: 11111111-2222-4333-8444-555555555555
      status: test
      level: low
      logsource:
          product: windows
      detection:
          selection:
              Image|endswith|windash: '\\a.exe'
              CommandLine|re|i: 'x(y|z)+'
              F|base64offset|contains: "b"
          filter_1: [a, 2, {C|cidr: 10.0.0.0/8}]
          condition: selection and not 1 of filter_*
      """;

  @Property(tries = 4_000)
  void survivesRulesWithAPieceReplaced(
      @ForAll @IntRange(max = 330) int from,
      @ForAll @IntRange(max = 12) int length,
      @ForAll("pieces") String piece) {
    int start = Math.min(from, RULE.length());
    int end = Math.min(start + length, RULE.length());
    check(RULE.substring(0, start) + piece + RULE.substring(end));
  }

  @Property(tries = 2_000)
  void survivesRandomItems(@ForAll("keys") String key, @ForAll("values") String value) {
    check(
        "title: t\nlogsource: {product: windows}\ndetection:\n  s:\n    "
            + (key + ": " + value)
            + "\n  condition: s\n");
  }

  @Property(tries = 2_000)
  void survivesRandomYaml(@ForAll("yaml") String yaml) {
    check(yaml);
  }

  private static void check(String text) {
    List<RuleSource> sources = List.of(new RuleSource("fuzz.yml", text));
    Compilation compilation = new SigmaCompiler().compile(sources);
    assertThat(compilation.rules().isEmpty())
        .as(text)
        .isEqualTo(compilation.hasErrors() || isFilterOnly(text));
    assertThat(compilation.refused() > 0).isEqualTo(compilation.hasErrors());
    assertThat(new CheckReport(sources, compilation).toText()).isNotEmpty();
    assertThat(new ExhaustiveMatcher(compilation.rules()).rules()).isEqualTo(compilation.rules());
  }

  private static boolean isFilterOnly(String text) {
    return text.contains("filter:");
  }

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of(
        "", "'", "\"", "{", "}", "[", "]", ":", ": ", "\n", "\t", "|", "*", "&a ", "*a", "!x ", "#",
        "---\n", "\u0000", "\ud800", "\ufeff", "null", "~", "0x1", "1e9", "(", ")", "not ", "\\",
        "- ", "  ", "%", "@", "`", "? ", "|re", "|all", "of", "é", "\u2028", "\r");
  }

  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.of(
            "contains",
            "startswith",
            "endswith",
            "all",
            "exists",
            "cased",
            "neq",
            "windash",
            "re",
            "i",
            "m",
            "s",
            "base64",
            "base64offset",
            "utf16le",
            "utf16be",
            "utf16",
            "wide",
            "lt",
            "lte",
            "gt",
            "gte",
            "minute",
            "hour",
            "day",
            "week",
            "month",
            "year",
            "cidr",
            "expand",
            "fieldref",
            "")
        .list()
        .ofMaxSize(4)
        .flatMap(
            modifiers ->
                Arbitraries.of("F", "'", "")
                    .map(field -> field.equals("'") ? "F" : field)
                    .map(field -> "'" + field + "|" + String.join("|", modifiers) + "'"));
  }

  @Provide
  Arbitrary<String> values() {
    Arbitrary<String> scalar =
        Arbitraries.of(
            "a",
            "1",
            "-0",
            "1e99",
            "true",
            "null",
            "''",
            "'*'",
            "'?'",
            "'\\'",
            "'\\*'",
            "'-a'",
            "10.0.0.0/8",
            "'::/0'",
            "'(a'",
            "'a{1000}'",
            "'%x%'",
            "0x1f",
            "'\ud83d\ude00'",
            "12.5");
    return Arbitraries.oneOf(
        scalar, scalar.list().ofMaxSize(3).map(list -> "[" + String.join(", ", list) + "]"));
  }

  @Provide
  Arbitrary<String> yaml() {
    return Arbitraries.of(
            "title: a\n",
            "detection:\n",
            "  s:\n",
            "    F: a\n",
            "  condition: s\n",
            "logsource:\n",
            "  product: windows\n",
            "---\n",
            "- a\n",
            "    - b\n",
            "{",
            "}",
            "filter:\n",
            "action: global\n",
            "correlation: 1\n",
            "a: &x\n",
            "b: *x\n",
            "'",
            "\t",
            "...\n",
            "? k\n")
        .list()
        .ofMaxSize(14)
        .map(parts -> String.join("", parts));
  }
}
