package dev.tidewatch.sigma.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.sigma.SigmaRule;
import dev.tidewatch.sigma.ir.Detection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RewriterTest {

  @Test
  void eachRewriteWorksOnWhatTheOnesBeforeLeft() {
    Detection detection =
        Rewriter.rewrite(
            Detections.rule(
                    """
                    a: {F|contains: [powershell, Shell, shell]}
                    b: [{F: 1}, {G: [1, 2]}]
                    condition: (all of a* and a) and not not (1 of b or (b or a))
                    """)
                .detection());
    assertThat(detection.condition()).hasToString("a and (b or a)");
    assertThat(detection).isEqualTo(Rewriter.rewrite(detection));
  }

  @Test
  void whatIsSimpleAlreadyIsTheVerySameObject() {
    Detection simple =
        Detections.rule("a: {F|contains: [x, y], G: 1}\nb: {H: z}\ncondition: a and not b")
            .detection();
    assertThat(Rewriter.rewrite(simple)).isSameAs(simple);
  }

  @Test
  void evidenceIsOfTheRuleAsWritten() throws Exception {
    SigmaRule rule =
        Detections.rule("a: {F|contains: [powershell, Shell, shell]}\ncondition: all of a*");
    byte[] event =
        "{\"Channel\":\"Security\",\"EventID\":1,\"F\":\"powershell\"}"
            .getBytes(StandardCharsets.UTF_8);
    List<RuleMatch> matches = new IndexedMatcher(List.of(rule)).match(EventDocument.parse(event));
    assertThat(matches).hasSize(1);
    assertThat(matches.get(0).fields())
        .extracting(RuleMatch.Field::pattern)
        .containsExactly("powershell", "Shell", "shell");
  }
}
