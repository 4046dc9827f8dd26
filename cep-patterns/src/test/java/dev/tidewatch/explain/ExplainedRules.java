package dev.tidewatch.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.sigma.SigmaRule;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Rules and events in few words. */
final class ExplainedRules {
  private ExplainedRules() {}

  /** A rule for Windows Security events around {@code detection}, which is not indented. */
  static SigmaRule rule(String detection) {
    String text =
        """
        title: A test
        id: 11111111-2222-4333-8444-555555555555
        level: low
        logsource:
            product: windows
            service: security
        detection:
        """
            + detection.indent(4);
    Compilation compilation = new SigmaCompiler().compile(List.of(new RuleSource("r.yml", text)));
    assertThat(compilation.rules()).as(compilation.diagnostics().toString()).hasSize(1);
    return compilation.rules().get(0);
  }

  /** A Windows Security event with these members besides. */
  static EventDocument event(String members) {
    return raw(
        "{\"Channel\":\"Security\",\"EventID\":5379"
            + (members.isEmpty() ? "" : ",")
            + members
            + "}");
  }

  static EventDocument raw(String json) {
    try {
      return EventDocument.parse(json.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedEventException e) {
      throw new AssertionError(json, e);
    }
  }
}
