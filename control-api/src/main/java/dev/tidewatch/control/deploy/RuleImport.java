package dev.tidewatch.control.deploy;

import dev.tidewatch.control.deploy.Revisions.Note;
import dev.tidewatch.control.deploy.RuleChanges.Order;
import dev.tidewatch.control.deploy.RuleChanges.Outcome;
import dev.tidewatch.control.deploy.RuleChanges.Target;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.rule.RuleArchiveFile;
import dev.tidewatch.control.rule.RulePath;
import dev.tidewatch.control.rule.WireRules;
import dev.tidewatch.control.v1.ImportRulesRequest;
import dev.tidewatch.control.v1.ImportRulesResponse;
import dev.tidewatch.control.v1.RuleFile;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.sigma.RuleSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Many files at once. A text that its rule has had is left as it is placed, so that an import of
 * drafts takes nothing out of action. For one use.
 */
final class RuleImport {
  /** Each round leaves out files with errors; those that referred to them fail in the next one. */
  private static final int ROUNDS = 5;

  private final Order order;
  private final boolean skipRefused;
  private final Set<String> refused = new TreeSet<>();
  private final Set<Diagnostic> found = new LinkedHashSet<>();

  private RuleImport(Order order, boolean skipRefused) {
    this.order = order;
    this.skipRefused = skipRefused;
  }

  /** Reads the request; what is wrong with its files is an INVALID_ARGUMENT. */
  static RuleImport of(ImportRulesRequest request, String author) {
    FieldChecks checks = new FieldChecks().tenant(request.getTenantId());
    boolean either = request.getFilesCount() == 0 != request.getArchive().isEmpty();
    checks.require(either, "files", "must be given, or else archive");
    checks.require(
        request.getFilesCount() <= DeploymentRequests.MOST_FILES,
        "files",
        "must be at most " + DeploymentRequests.MOST_FILES);
    checks.require(
        request.getStage() != RuleStage.RULE_STAGE_RETIRED
            && request.getStage() != RuleStage.UNRECOGNIZED,
        "stage",
        "must be RULE_STAGE_DRAFT, RULE_STAGE_SHADOW or RULE_STAGE_LIVE");
    DeploymentRequests.comment(checks, request.getComment()).done();
    List<RuleSource> sources =
        request.getArchive().isEmpty()
            ? files(request.getFilesList())
            : RuleArchiveFile.read(request.getArchive());
    RuleStage stage = DeploymentRequests.orElse(request.getStage(), RuleStage.RULE_STAGE_DRAFT);
    return new RuleImport(
        new Order(
            sources,
            new Target(stage, Set.of()),
            request.getExpectedRevision(),
            false,
            stage == RuleStage.RULE_STAGE_DRAFT,
            Map.of(),
            new Note(author, "staged", request.getComment())),
        request.getSkipRefused());
  }

  private static List<RuleSource> files(List<RuleFile> files) {
    FieldChecks checks = new FieldChecks();
    Set<String> names = new TreeSet<>();
    for (RuleFile file : files) {
      checks.require(
          RulePath.isPlain(file.getFile()), "files.file", RulePath.problem(file.getFile()));
      checks.require(names.add(file.getFile()), "files.file", "must be there once");
    }
    checks.done();
    return DeploymentRequests.sources(files);
  }

  Order order() {
    return order;
  }

  /**
   * @param deploy takes or plans an order
   */
  Outcome run(Function<Order, Outcome> deploy) {
    Order left = order;
    for (int round = 1; ; round++) {
      Outcome outcome = deploy.apply(left);
      found.addAll(outcome.diagnostics());
      if (outcome.revision() != 0 || !skipRefused || round == ROUNDS) {
        return outcome;
      }
      Set<String> wrong =
          outcome.diagnostics().stream()
              .filter(Diagnostic::isError)
              .map(Diagnostic::file)
              .collect(Collectors.toSet());
      List<RuleSource> rest = new ArrayList<>(left.files());
      rest.removeIf(file -> wrong.contains(file.file()));
      if (rest.isEmpty()) {
        return outcome;
      }
      refused.addAll(wrong);
      left = left.with(rest);
    }
  }

  ImportRulesResponse response(Outcome outcome) {
    ImportRulesResponse.Builder response =
        ImportRulesResponse.newBuilder()
            .setRevision(outcome.revision())
            .setFiles(order.files().size())
            .addAllRefusedFiles(outcome.revision() == 0 ? Set.of() : refused)
            .addAllRules(DeploymentRequests.rules(outcome));
    found.forEach(d -> response.addDiagnostics(WireRules.diagnostic(d)));
    return response.build();
  }
}
