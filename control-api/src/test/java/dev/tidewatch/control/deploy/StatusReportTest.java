package dev.tidewatch.control.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.control.rule.Sight;
import dev.tidewatch.deploy.Deployment;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.events.v1.RuleFault;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.events.v1.SubtaskRules;
import dev.tidewatch.sigma.RuleDocument;
import dev.tidewatch.sigma.RuleSource;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A status names to a caller what it sees, and nothing else. */
class StatusReportTest {
  private static final String RULE = "6d3c1d5a-7f43-4a53-9a39-0b1a5b1b6a01";

  private static RuleBook book(String... tenants) {
    String text =
        """
        title: Zanzibar
        id: %s
        logsource:
          product: windows
        detection:
          selection:
            EventID: 1
          condition: selection
        """
            .formatted(RULE);
    Deployment deployment = new Deployment(RuleBook.EMPTY, "user:ann@acme", Clock.systemUTC());
    for (RuleDocument document : RuleDocument.of(List.of(new RuleSource("z.yml", text)))) {
      int unused = deployment.deploy(document, RuleStage.RULE_STAGE_LIVE, Set.of(tenants));
    }
    return deployment.plan().after();
  }

  private static String refusal(RuleBook book, String said, Sight sight) {
    SubtaskRules report =
        SubtaskRules.newBuilder().setRefusedRevision(book.revision()).setRefusal(said).build();
    return new StatusReport(book, 1, List.of(report)).of(entry -> true, sight).getRefusal();
  }

  @Test
  void aRefusalNamesTheRuleToWhomItIs() {
    String said = "rule " + RULE + "@1: TW-E1601 no rule has the name 'zebra'";
    RuleBook own = book("acme");
    assertThat(refusal(own, said, new Sight("acme", false))).isEqualTo(said);
    assertThat(refusal(own, said, new Sight("system", true))).isEqualTo(said);
    assertThat(refusal(own, said, new Sight("bolt", false)))
        .isEqualTo("the revision is refused for what only operators see");
    assertThat(refusal(book(), said, new Sight("bolt", false))).isEqualTo(said);
    assertThat(refusal(book(), "the record 'v/" + RULE + "@1' ...", new Sight("bolt", false)))
        .doesNotContain(RULE);
  }

  @Test
  void whoseValueListsBreakARuleIsTheirsToKnow() {
    String said = "rule " + RULE + "@1: TW-E1209 no list for tenant acme";
    RuleBook book = book();
    assertThat(refusal(book, said, new Sight("acme", false))).isEqualTo(said);
    assertThat(refusal(book, said, new Sight("bolt", false)))
        .endsWith("no list for another tenant");
    SubtaskRules report =
        SubtaskRules.newBuilder()
            .addFaults(
                RuleFault.newBuilder()
                    .setRuleId(RULE)
                    .setVersion(1)
                    .setCode("TW-E1209")
                    .setMessage("no list for tenant acme"))
            .build();
    assertThat(
            new StatusReport(book, 1, List.of(report))
                .of(entry -> true, new Sight("bolt", false))
                .getRules(0)
                .getFault())
        .isEqualTo("TW-E1209 no list for another tenant");
  }
}
