package dev.tidewatch.explain;

import static dev.tidewatch.explain.ExplainedRules.event;
import static dev.tidewatch.explain.ExplainedRules.raw;
import static dev.tidewatch.explain.ExplainedRules.rule;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.explain.Explanation.Role;
import dev.tidewatch.explain.Explanation.SelectionResult;
import dev.tidewatch.explain.Explanation.Verdict;
import dev.tidewatch.explain.LogSourceResult.Difference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainerTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "F: abc                ~ \"F\":\"ABC\"             ~ MATCHED",
        "F: abc                ~ \"F\":\"xyz\"             ~ VALUE_DIFFERS",
        "F|cased: abc          ~ \"F\":\"ABC\"             ~ CASE_DIFFERS",
        "F|re: abc             ~ \"F\":\"ABC\"             ~ CASE_DIFFERS",
        "F|fieldref|cased: G   ~ \"F\":\"a\",\"G\":\"A\"   ~ CASE_DIFFERS",
        "F: abc                ~ \"F\":\"xabcx\"           ~ TEXT_ELSEWHERE",
        "F|startswith: abc     ~ \"F\":\"xabc\"            ~ TEXT_ELSEWHERE",
        "F: abc                ~ \"G\":\"abc\"             ~ FIELD_ABSENT",
        "F|exists: true        ~ \"G\":\"abc\"             ~ FIELD_ABSENT",
        "F: abc                ~ \"F\":null                ~ FIELD_IS_NULL",
        "F: abc                ~ \"F\":{\"g\":1}           ~ NO_PLAIN_VALUE",
        "F: abc                ~ \"F\":[]                  ~ NO_PLAIN_VALUE",
        "F|gt: 5               ~ \"F\":\"five\"            ~ NOT_A_NUMBER",
        "F|gt: 5               ~ \"F\":-3                  ~ VALUE_DIFFERS",
        "F|cidr: 10.0.0.0/8    ~ \"F\":\"host\"            ~ NOT_AN_ADDRESS",
        "F|cidr: 10.0.0.0/8    ~ \"F\":\"11.0.0.1\"        ~ VALUE_DIFFERS",
        "F|hour: 5             ~ \"F\":\"never\"           ~ NOT_A_DATE",
        "F|hour: 5             ~ \"F\":\"2025-01-01\"      ~ NOT_A_DATE",
        "F|hour: 5             ~ \"F\":\"2025-01-01 06:00\" ~ VALUE_DIFFERS",
        "F|fieldref: G         ~ \"F\":\"a\"               ~ OTHER_FIELD_ABSENT",
        "F|exists: false       ~ \"F\":null                ~ FIELD_PRESENT",
        "F: null               ~ \"F\":\"\"                ~ HAS_VALUE",
      })
  void saysWhyAPredicateHoldsOrNot(String selection, String members, Why why) {
    Explanation explanation =
        Explainer.explain(rule("s:\n    " + selection + "\ncondition: s"), event(members));
    SearchResult.Test test = (SearchResult.Test) explanation.selections().get(0).search();
    assertThat(test.why()).isEqualTo(why);
    assertThat(test.holds()).isEqualTo(why == Why.MATCHED).isEqualTo(explanation.fired());
  }

  @Test
  void evaluatesTheConditionWithoutShortCutAndNamesExclusions() {
    Explanation explanation =
        Explainer.explain(
            rule(
                """
                tool:
                    F: [x, ab*]
                    G|neq: b
                other:
                    H: 1
                filter_main_a:
                    G: a
                filter_main_b:
                    K: 1
                unused:
                    L: 1
                condition: (tool or other) and not 1 of filter_main_*
                """),
            event("\"F\":\"ABC\",\"G\":\"a\""));

    assertThat(explanation.fired()).isFalse();
    assertThat(explanation.verdict()).isEqualTo(Verdict.CONDITION_DOES_NOT_HOLD);
    assertThat(explanation.reasons()).containsExactly("'filter_main_a' holds");
    assertThat(explanation.selections())
        .extracting(SelectionResult::name, SelectionResult::role, SelectionResult::holds)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("tool", Role.SELECTION, true),
            org.assertj.core.api.Assertions.tuple("other", Role.SELECTION, false),
            org.assertj.core.api.Assertions.tuple("filter_main_a", Role.EXCLUSION, true),
            org.assertj.core.api.Assertions.tuple("filter_main_b", Role.EXCLUSION, false),
            org.assertj.core.api.Assertions.tuple("unused", Role.UNUSED, false));
    ConditionResult.And and = (ConditionResult.And) explanation.condition();
    assertThat(and.terms()).extracting(ConditionResult::holds).containsExactly(true, false);
    ConditionResult.Not not = (ConditionResult.Not) and.terms().get(1);
    ConditionResult.Quantified filters = (ConditionResult.Quantified) not.term();
    assertThat(filters.held()).isEqualTo(1);
    assertThat(filters.needed()).isEqualTo(1);
    assertThat(filters.text()).isEqualTo("1 of filter_main_*");
    SearchResult.Every tool = (SearchResult.Every) explanation.selections().get(0).search();
    SearchResult.Any values = (SearchResult.Any) tool.parts().get(0);
    assertThat(values.parts()).extracting(SearchResult::holds).containsExactly(false, true);
    assertThat(((SearchResult.Test) values.parts().get(1)).matched()).isEqualTo("ABC");
    assertThat(tool.parts().get(1)).isInstanceOf(SearchResult.Negated.class);
    assertThat(tool.parts().get(1).holds()).isTrue();
  }

  @Test
  void theLogSourceComesFirst_andNamesWhatDiffers() {
    Explanation explanation =
        Explainer.explain(
            rule("s:\n    F: 1\ncondition: s"),
            raw("{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":13,\"F\":1}"));

    assertThat(explanation.fired()).isFalse();
    assertThat(explanation.verdict()).isEqualTo(Verdict.LOG_SOURCE_DIFFERS);
    assertThat(explanation.condition().holds()).isTrue();
    assertThat(explanation.reasons()).containsExactly("service is not security");
    assertThat(explanation.logSource().differences())
        .containsExactly(new Difference("service", "security", "sysmon"));
    assertThat(explanation.logSource().event())
        .containsExactly(
            new LogSource("windows", "registry_set", "sysmon"),
            new LogSource("windows", "registry_event", "sysmon"));
  }

  @Test
  void reasonsAreTheTermsThatDecided() {
    var rule =
        rule(
            "a:\n    F: 1\nb1:\n    G: 1\nb2:\n    G: 2\nc:\n    H: 1\n"
                + "condition: (a and all of b*) or c");
    assertThat(Explainer.explain(rule, event("\"F\":1,\"G\":1")).reasons())
        .containsExactly("1 of the 2 selections of 'all of b*' hold", "'c' does not hold");
    assertThat(Explainer.explain(rule, event("\"F\":1,\"G\":[1,2]")).reasons())
        .containsExactly("'a' holds", "'b1' holds", "'b2' holds");
    assertThat(Explainer.explain(rule, event("\"H\":1")).reasons()).containsExactly("'c' holds");
  }

  @Test
  void keywordsShowTheTextThatHoldsThem() {
    var rule = rule("k: [mimikatz, other]\ncondition: k");
    SearchResult.Any found =
        (SearchResult.Any)
            Explainer.explain(rule, event("\"a\":{\"b\":[\"run MimiKatz\"]}"))
                .selections()
                .get(0)
                .search();
    assertThat(((SearchResult.Test) found.parts().get(0)).matched()).isEqualTo("run MimiKatz");
    assertThat(((SearchResult.Test) found.parts().get(1)).why()).isEqualTo(Why.NOT_FOUND);
  }

  @Test
  void aFieldSpelledOtherwiseIsNamed() {
    SearchResult.Test test =
        (SearchResult.Test)
            Explainer.explain(
                    rule("s:\n    CommandLine: x\ncondition: s"),
                    event("\"p\":[{\"command_line\":\"x\"}]"))
                .selections()
                .get(0)
                .search();
    assertThat(test.why()).isEqualTo(Why.FIELD_ABSENT);
    assertThat(test.note()).contains("'command_line'");
  }

  @Test
  void jsonHoldsEveryPredicateWithItsValues() {
    JsonNode json =
        ExplanationJson.of(
            Explainer.explain(
                rule(
                    "s:\n    F|contains: [x, y]\n    G|neq: 1\nf:\n    H: null\ncondition: s and not f"),
                event("\"F\":[\"a\",{\"o\":1},null],\"H\":\"there\"")));

    assertThat(json.path("fired").asBoolean()).isFalse();
    assertThat(json.path("verdict").asText()).isEqualTo("condition-does-not-hold");
    assertThat(json.path("rule").path("title").asText()).isEqualTo("A test");
    assertThat(json.path("log_source").path("covers").asBoolean()).isTrue();
    assertThat(json.path("condition").path("text").asText()).isEqualTo("s and not f");
    assertThat(json.at("/condition/tree/kind").asText()).isEqualTo("and");
    assertThat(json.at("/condition/tree/terms/1/kind").asText()).isEqualTo("not");
    assertThat(json.at("/condition/tree/terms/1/term/name").asText()).isEqualTo("f");
    JsonNode value = json.at("/selections/0/search/parts/0/parts/0");
    assertThat(value.path("field").asText()).isEqualTo("F");
    assertThat(value.path("operator").asText()).isEqualTo("contains");
    assertThat(value.path("pattern").asText()).isEqualTo("x");
    assertThat(value.path("values").toString()).isEqualTo("[\"a\",\"{\\\"o\\\":1}\",\"null\"]");
    assertThat(value.path("why").asText()).isEqualTo("value-differs");
    assertThat(json.at("/selections/0/search/parts/1/kind").asText()).isEqualTo("neq");
    assertThat(json.at("/selections/1/role").asText()).isEqualTo("exclusion");
  }
}
