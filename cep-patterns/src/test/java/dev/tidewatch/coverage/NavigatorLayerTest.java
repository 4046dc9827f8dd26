package dev.tidewatch.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NavigatorLayerTest {
  private static List<ListedRule> rules(String... tags) {
    List<RuleSource> sources = new ArrayList<>();
    for (String tag : tags) {
      int n = sources.size();
      sources.add(
          new RuleSource(
              "r" + n + ".yml",
              "title: Rule "
                  + n
                  + "\nlevel: high\ntags: ["
                  + tag
                  + "]\n"
                  + "logsource: {product: windows}\ndetection: {s: {F: 1}, condition: s}\n"));
    }
    return ListedRule.all(new SigmaCompiler().compile(sources));
  }

  @Test
  void aTechniquesScoreIsItsRules() {
    JsonNode layer =
        NavigatorLayer.of(
            rules(
                "attack.t1059.001, attack.execution",
                "attack.t1059.001, attack.t1059.001, attack.t1003",
                "attack.t9999, attack.impact"),
            "Ours");

    assertThat(layer.path("name").asText()).isEqualTo("Ours");
    assertThat(layer.path("domain").asText()).isEqualTo("enterprise-attack");
    assertThat(layer.at("/versions/layer").asText()).isEqualTo("4.5");
    assertThat(layer.path("techniques")).hasSize(2);
    assertThat(layer.at("/techniques/1/techniqueID").asText()).isEqualTo("T1059.001");
    assertThat(layer.at("/techniques/1/score").asInt()).isEqualTo(2);
    assertThat(layer.at("/techniques/1/comment").asText())
        .isEqualTo("PowerShell:\n- Rule 0 (high)\n- Rule 1 (high)");
    assertThat(layer.at("/gradient/maxValue").asInt()).isEqualTo(2);
    assertThat(layer.path("description").asText()).contains("3 rules", "T9999");
  }

  @Test
  void noTechniqueIsAValidLayerToo() {
    JsonNode layer = NavigatorLayer.of(rules(), "Empty");

    assertThat(layer.path("techniques")).isEmpty();
    assertThat(layer.at("/gradient/maxValue").asInt())
        .isGreaterThan(layer.at("/gradient/minValue").asInt());
  }
}
