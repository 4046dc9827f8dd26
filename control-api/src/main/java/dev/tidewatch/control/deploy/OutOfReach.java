package dev.tidewatch.control.deploy;

import dev.tidewatch.control.rule.Sight;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.sigma.RuleSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Says of a reference that is not found why it is not, when there is such a rule: it runs for other
 * tenants than the one that refers to it, or it does not run. Rules that the caller does not see
 * are not there.
 *
 * @param files that refer
 * @param tenants whom the text that refers is for; empty: all
 */
record OutOfReach(RuleBook book, List<RuleSource> files, Collection<String> tenants, Sight sight) {
  private static final int MOST_NAMED = 5;

  Diagnostic explained(Diagnostic error) {
    String said = error.message();
    int from = said.indexOf('\'');
    int to = said.lastIndexOf('\'');
    if (!error.code().equals(DiagnosticCode.UNKNOWN_RULE.code()) || from < 0 || to <= from) {
      return error;
    }
    String reference = said.substring(from + 1, to);
    return book.named(reference)
        .map(entry -> explained(error, reference, entry))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(error);
  }

  private Optional<Diagnostic> explained(Diagnostic error, String reference, Entry entry) {
    List<PlacedVersion> seen = sight.placed(entry.placement().getVersionsList());
    if (seen.isEmpty()) {
      return Optional.empty();
    }
    PlacedVersion placed =
        seen.stream().filter(RuleBook::runs).findFirst().orElseGet(() -> seen.get(0));
    String rule =
        "%s: '%s' is the rule %s (%s), which "
            .formatted(
                pattern(error) ? "pattern" : "correlation.rules",
                reference,
                entry.version(placed.getVersion()).getTitle(),
                entry.placement().getRuleId());
    return Optional.of(
        RuleBook.runs(placed)
            ? with(
                error,
                rule
                    + "runs for "
                    + named(placed.getTenantsList())
                    + " alone, and this is for "
                    + (tenants.isEmpty() ? "all tenants" : named(tenants)),
                tenants.isEmpty()
                    ? "deploy that rule for all tenants too, or this one for "
                        + named(placed.getTenantsList())
                        + " alone"
                    : "deploy that rule for each of these tenants too")
            : with(
                error,
                rule + (is(placed, RuleStage.RULE_STAGE_DRAFT) ? "is a draft" : "is retired"),
                "stage that rule in shadow or live first"));
  }

  /** The field that names rules: of two documents in one file the one that the line is in. */
  private boolean pattern(Diagnostic error) {
    return files.stream()
        .filter(file -> file.file().equals(error.file()))
        .flatMap(file -> file.text().lines().limit(error.line()))
        .filter(line -> line.startsWith("correlation:") || line.startsWith("pattern:"))
        .reduce((before, last) -> last)
        .filter(line -> line.startsWith("pattern:"))
        .isPresent();
  }

  private static boolean is(PlacedVersion placed, RuleStage stage) {
    return placed.getStage() == stage;
  }

  private static Diagnostic with(Diagnostic error, String message, String remedy) {
    return new Diagnostic(
        error.code(),
        error.severity(),
        error.file(),
        error.line(),
        error.column(),
        message,
        remedy);
  }

  private static String named(Collection<String> tenants) {
    String first = String.join(", ", tenants.stream().sorted().limit(MOST_NAMED).toList());
    int more = tenants.size() - MOST_NAMED;
    return (tenants.size() == 1 ? "tenant " : "tenants ")
        + first
        + (more > 0 ? " and " + more + " more" : "");
  }
}
