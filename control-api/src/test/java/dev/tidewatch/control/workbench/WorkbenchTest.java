package dev.tidewatch.control.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.control.v1.GetVocabularyRequest;
import dev.tidewatch.control.v1.RuleDiagnostic;
import dev.tidewatch.control.v1.RuleText;
import dev.tidewatch.control.v1.RuleVerdict;
import dev.tidewatch.control.v1.TestRulesRequest;
import dev.tidewatch.control.v1.TestRulesResponse;
import dev.tidewatch.control.v1.TestedEpisode;
import dev.tidewatch.control.v1.ValidateRulesResponse;
import dev.tidewatch.sigma.CompilerOptions;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkbenchTest {
  private static final String FAILED_LOGON =
      """
      title: Failed logon
      id: 4f6b7a0e-93a4-4e9b-8a57-0d6d5f4f3a01
      name: failed_logon
      status: test
      level: low
      logsource: {product: windows, service: security}
      detection:
        selection: {EventID: 4625}
        condition: selection
      """;
  private static final String MANY_FAILED =
      """
      title: Many failed logons
      id: 4f6b7a0e-93a4-4e9b-8a57-0d6d5f4f3a02
      status: test
      level: medium
      correlation:
        type: event_count
        rules: [failed_logon]
        group-by: [TargetUserName]
        timespan: 1m
        condition: {gte: 3}
      """;

  private static final Compilation RUNNING =
      new SigmaCompiler().compile(List.of(new RuleSource("failed.yml", FAILED_LOGON)));
  private static final Compilation NOTHING = new SigmaCompiler().compile(List.of());

  private static RuleText text(String yaml) {
    return RuleText.newBuilder().setFile("draft.yml").setText(yaml).build();
  }

  private static String logon(int second, String user) {
    return """
        {"EventID":4625,"Channel":"Security","TimeCreated":"2026-01-01T00:00:%02dZ","TargetUserName":"%s"}"""
        .formatted(second, user);
  }

  private static TestRulesResponse test(Compilation running, String yaml, String... events) {
    return RuleTrial.run(
        Workbench.beside(running, List.of(text(yaml)), CompilerOptions.DEFAULT),
        TestRulesRequest.newBuilder().setTenantId("t").addAllEvents(List.of(events)).build());
  }

  @Test
  void aTenantsValueListsAreKnown() {
    RuleText listed =
        text(FAILED_LOGON.replace("EventID: 4625", "TargetUserName|expand: '%admins%'"));
    Workbench without = Workbench.beside(NOTHING, List.of(listed), CompilerOptions.DEFAULT);
    assertThat(without.validation().getDiagnosticsList())
        .extracting(RuleDiagnostic::getCode)
        .contains("TW-E1209");

    Workbench with =
        Workbench.beside(
            NOTHING,
            List.of(listed),
            new CompilerOptions(Map.of("admins", List.of("ann", "root"))));
    assertThat(with.validation().getRulesCount()).isEqualTo(1);
    TestRulesResponse tested =
        RuleTrial.run(
            with,
            TestRulesRequest.newBuilder()
                .setTenantId("t")
                .addEvents(logon(1, "root"))
                .addEvents(logon(2, "bob"))
                .build());
    assertThat(tested.getEventsList())
        .extracting(event -> event.getVerdicts(0).getFired())
        .containsExactly(true, false);
  }

  @Test
  void allMistakesOfADraftAreSaidWithTheirPlaces() {
    ValidateRulesResponse answer =
        Workbench.beside(
                NOTHING,
                List.of(
                    text(
                        FAILED_LOGON
                            .replace("EventID: 4625", "EventID|containz: 4625")
                            .replace("level: low", "level: lowest"))),
                CompilerOptions.DEFAULT)
            .validation();

    assertThat(answer.getRulesList()).isEmpty();
    assertThat(answer.getDiagnosticsList())
        .extracting(RuleDiagnostic::getLine)
        .contains(5, 8)
        .allMatch(line -> line > 0);
  }

  @Test
  void aVerdictSaysWhy() {
    TestRulesResponse answer = test(NOTHING, FAILED_LOGON, logon(1, "ann"), "{\"EventID\":1}");

    RuleVerdict fired = answer.getEvents(0).getVerdicts(0);
    assertThat(fired.getFired()).isTrue();
    assertThat(fired.getExplanation().getFieldsOrThrow("verdict").getStringValue())
        .isEqualTo("fires");
    RuleVerdict silent = answer.getEvents(1).getVerdicts(0);
    assertThat(silent.getFired()).isFalse();
    assertThat(silent.getExplanation().getFieldsOrThrow("reasons").getListValue().getValuesList())
        .isNotEmpty();
  }

  @Test
  void anEventThatCannotBeReadIsSaidAndTheOthersAreTested() {
    TestRulesResponse answer = test(NOTHING, FAILED_LOGON, "{", logon(1, "ann"));

    assertThat(answer.getEvents(0).getError()).startsWith("TW-E4");
    assertThat(answer.getEvents(1).getVerdicts(0).getFired()).isTrue();
  }

  @Test
  void aCorrelationMayReferToARunningRuleAndItsEpisodesNameTheEvents() {
    TestRulesResponse answer =
        test(
            RUNNING,
            MANY_FAILED,
            logon(1, "ann"),
            logon(2, "bob"),
            logon(3, "ann"),
            logon(4, "ann"));

    assertThat(answer.getDiagnosticsList()).isEmpty();
    assertThat(answer.getRulesList()).singleElement().returns("event_count", r -> r.getKind());
    TestedEpisode episode = answer.getEpisodes(0);
    assertThat(answer.getEpisodesCount()).isEqualTo(1);
    assertThat(episode.getGroup(0).getValue()).isEqualTo("ann");
    assertThat(episode.getCount()).isEqualTo(3);
    assertThat(episode.getEventsList()).containsExactly(0, 2, 3);
  }

  @Test
  void aDraftTakesThePlaceOfTheRunningRuleWithItsId() {
    TestRulesResponse answer =
        test(
            RUNNING,
            FAILED_LOGON.replace("EventID: 4625", "EventID: 4624") + "---\n" + MANY_FAILED,
            logon(1, "ann"));

    assertThat(answer.getDiagnosticsList()).isEmpty();
    assertThat(answer.getEvents(0).getVerdicts(0).getFired()).isFalse();
    assertThat(answer.getEvents(0).getVerdicts(0).getSilent()).isTrue();
  }

  @Test
  void theVocabularyHoldsFieldsOfLogSourcesThatAgree() {
    var all = RuleVocabulary.of(RUNNING, GetVocabularyRequest.getDefaultInstance());
    assertThat(all.getFieldsList()).extracting(f -> f.getField()).containsExactly("EventID");
    assertThat(all.getModifiersList()).contains("contains", "base64offset", "fieldref");

    var linux =
        RuleVocabulary.of(RUNNING, GetVocabularyRequest.newBuilder().setProduct("linux").build());
    assertThat(linux.getFieldsList()).isEmpty();
  }
}
