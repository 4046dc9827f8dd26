package dev.tidewatch.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every rule of SigmaHQ compiles, or is refused for a reason written here. */
class SigmaHqCorpusTest {
  /** Rules outside rules-placeholder that need a value list of the user's own. */
  private static final Set<String> NEED_LISTS =
      Set.of(
          "2026/Exploits/CVE-2026-54121/win_security_adcs_certighost_cdc_chase_request.yml",
          "2026/Exploits/CVE-2026-54121/win_security_adcs_certighost_cert_issued_via_chase.yml");

  @Test
  void currentRulesCompile() {
    for (String directory : List.of("rules", "rules-compliance", "rules-threat-hunting")) {
      Compilation compilation = compile(directory);
      assertThat(compilation.diagnostics()).filteredOn(Diagnostic::isError).isEmpty();
      assertThat(compilation.rules()).hasSize(compilation.files()).isNotEmpty();
    }
  }

  @Test
  void emergingThreatsCompileButForUndefinedPlaceholders() {
    Compilation compilation = compile("rules-emerging-threats");
    assertThat(refusedFiles(compilation)).isEqualTo(NEED_LISTS);
    assertThat(compilation.refusedByCode().keySet()).containsExactly("TW-E1209");
  }

  @Test
  void placeholderRulesAreRefusedForTheirPlaceholdersOnly() {
    Compilation compilation = compile("rules-placeholder");
    assertThat(compilation.rules()).isEmpty();
    assertThat(compilation.refusedByCode()).containsExactly(Map.entry("TW-E1209", 23));
  }

  @Test
  void deprecatedRulesCompileButForWhatSigmaRemoved() {
    Compilation compilation = compile("deprecated");
    assertThat(compilation.refusedByCode())
        .containsExactly(
            Map.entry("TW-E1108", 1), Map.entry("TW-E1209", 3), Map.entry("TW-E1304", 1));
  }

  @Test
  void unsupportedRulesAreRefusedWithTheReason() {
    Compilation compilation = compile("unsupported");
    assertThat(compilation.rules())
        .as("rules of that folder that are complete and say so in their status")
        .allMatch(rule -> !rule.status().equals("unsupported"))
        .hasSizeLessThan(5);
    assertThat(compilation.refusedByCode().keySet())
        .containsExactly("TW-E1009", "TW-E1108", "TW-E1302", "TW-E1304");
    assertThat(compilation.diagnostics())
        .filteredOn(d -> d.code().equals("TW-E1304"))
        .isNotEmpty()
        .allMatch(d -> !d.remedy().isEmpty());
  }

  private static Set<String> refusedFiles(Compilation compilation) {
    return compilation.diagnostics().stream()
        .filter(Diagnostic::isError)
        .map(Diagnostic::file)
        .collect(Collectors.toSet());
  }

  private static Compilation compile(String directory) {
    Path path = Corpus.directory("sigma-rules/" + directory);
    return new SigmaCompiler().compile(RuleDirectory.read(List.of(path)));
  }
}
