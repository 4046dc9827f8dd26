package dev.tidewatch.explain;

import static dev.tidewatch.explain.ExplainedRules.event;
import static dev.tidewatch.explain.ExplainedRules.raw;
import static dev.tidewatch.explain.ExplainedRules.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.match.Candidacy;
import dev.tidewatch.match.Candidacy.Outcome;
import dev.tidewatch.match.Candidacy.Witness;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.sigma.SigmaRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidacyTest {
  private static final SigmaRule RULE =
      rule("s:\n    Image|endswith: '\\Tool.exe'\n    Level: 3\ncondition: s");

  private static Candidacy of(SigmaRule rule, String members) {
    return new IndexedMatcher(List.of(rule)).candidacy(rule, event(members));
  }

  @Test
  void namesTheWitnessThatWasFoundEvenIfTheRuleDoesNotFire() {
    SigmaRule rule = rule("s:\n    Image|endswith: '\\Tool.exe'\n    Level|gt: 3\ncondition: s");
    Candidacy candidacy = of(rule, "\"Image\":\"C:\\\\tool.EXE\",\"Level\":1");
    assertThat(candidacy.outcome()).isEqualTo(Outcome.WITNESS_FOUND);
    assertThat(candidacy.found()).containsExactly(new Witness("Image", "endswith", "\\tool.exe"));
    assertThat(Explainer.explain(rule, event("\"Image\":\"\\\\tool.exe\"")).fired()).isFalse();
  }

  @Test
  void namesTheWitnessesThatWereMissed() {
    SigmaRule rule =
        rule("s:\n    CommandLine|contains:\n        - alpha\n        - betas\ncondition: s");
    Candidacy candidacy = of(rule, "\"CommandLine\":\"gamma\"");
    assertThat(candidacy.outcome()).isEqualTo(Outcome.NO_WITNESS);
    assertThat(candidacy.wasTried()).isFalse();
    assertThat(candidacy.witnesses())
        .containsExactlyInAnyOrder(
            new Witness("CommandLine", "contains", "alpha"),
            new Witness("CommandLine", "contains", "betas"));
    assertThat(candidacy.found()).isEmpty();
  }

  @Test
  void findsKeywordsAnywhere() {
    Candidacy candidacy =
        of(rule("s:\n    - mimikatz\ncondition: s"), "\"A\":[{\"b\":\"MimiKatz!\"}]");
    assertThat(candidacy.found()).containsExactly(new Witness("", "contains", "mimikatz"));
  }

  @Test
  void triesRulesWithoutTextAlways() {
    assertThat(of(rule("s:\n    A|exists: false\ncondition: s"), "").outcome())
        .isEqualTo(Outcome.ALWAYS_TRIED);
  }

  @Test
  void rulesOutByTheEventId() {
    SigmaRule rule = rule("s:\n    EventID: 1\n    Image: x\ncondition: s");
    assertThat(of(rule, "\"Image\":\"x\"").outcome()).isEqualTo(Outcome.RULED_OUT);
  }

  @Test
  void doesNotRouteOtherLogSources() {
    Candidacy candidacy =
        new IndexedMatcher(List.of(RULE))
            .candidacy(RULE, raw("{\"Channel\":\"System\",\"EventID\":1}"));
    assertThat(candidacy.outcome()).isEqualTo(Outcome.NOT_ROUTED);
  }

  @Test
  void leavesWhatOnlyTheReferenceReads() {
    Candidacy candidacy = of(RULE, "\"A\":\"1\",\"\\u0042\":1");
    assertThat(candidacy.outcome()).isEqualTo(Outcome.LEFT_TO_REFERENCE);
    assertThat(candidacy.wasTried()).isTrue();
  }

  @Test
  void isWrittenAsJson() {
    var index =
        ExplanationJson.of(Explainer.explain(RULE, event("\"Image\":\"\\\\tool.exe\",\"Level\":3")))
            .path("index");
    assertThat(index.path("tried").asBoolean()).isTrue();
    assertThat(index.path("outcome").asText()).isEqualTo("witness-found");
    assertThat(index.path("found")).isNotEmpty();
    assertThat(index.path("witnesses")).isNotEmpty();
  }
}
