package dev.tidewatch.control.deploy;

import dev.tidewatch.control.deploy.Revisions.Note;
import dev.tidewatch.control.rule.Sight;
import dev.tidewatch.control.v1.RuleAction;
import dev.tidewatch.deploy.Deployment;
import dev.tidewatch.deploy.Deployment.Plan;
import dev.tidewatch.deploy.DeploymentConflictException;
import dev.tidewatch.deploy.RefusedDeploymentException;
import dev.tidewatch.deploy.RevisionCompiler.Fault;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.sigma.RuleDocument;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes what is deployed. A change is compiled with all that is deployed before it is written:
 * one that has an error, or that another rule would fail by, is refused as a whole.
 */
public final class RuleChanges {
  private static final Logger LOG = LoggerFactory.getLogger(RuleChanges.class);

  private final Revisions revisions;
  private final DeployedSet compiler;
  private final Clock clock;

  /**
   * @param compiler keeps what it has compiled, for the next change
   */
  RuleChanges(Revisions revisions, DeployedSet compiler, Clock clock) {
    this.revisions = revisions;
    this.compiler = compiler;
    this.clock = clock;
  }

  /** Where documents are to run. */
  public record Target(RuleStage stage, Set<String> tenants) {}

  /**
   * What is to be deployed.
   *
   * @param expected the revision that must be in force; 0: any
   * @param retireMissing retire in the same revision what was deployed by hand and is in no file
   * @param newTextsOnly leave alone what a rule has had, wherever it is placed
   * @param bases by file, the newest version that its text was made from; 0: there was none
   * @param note for the history
   */
  public record Order(
      List<RuleSource> files,
      Target target,
      long expected,
      boolean retireMissing,
      boolean newTextsOnly,
      Map<String, Integer> bases,
      Note note) {
    public Order {
      files = List.copyOf(files);
      bases = Map.copyOf(bases);
    }

    /** Anyone's text, without a word. */
    static Order of(
        String author,
        List<RuleSource> files,
        Target target,
        long expected,
        boolean retireMissing) {
      return new Order(
          files, target, expected, retireMissing, false, Map.of(), new Note(author, "staged", ""));
    }

    /** The same for other files. */
    Order with(List<RuleSource> others) {
      return new Order(others, target, expected, retireMissing, newTextsOnly, bases, note);
    }

    private boolean leaves(RuleBook book, RuleDocument document, IntPredicate seen) {
      return (retireMissing && RuleActions.isLiveForAll(book, document))
          || (newTextsOnly && RuleActions.known(book, document, seen) != 0);
    }
  }

  /**
   * A change of one rule.
   *
   * @param tenants whose version alone is changed; empty: the rule as it runs for all
   * @param check throws when the caller may not make it
   */
  public record Step(
      String ruleId, long expected, Note note, Set<String> tenants, Consumer<RuleBook> check) {}

  /**
   * A rule and the version it got.
   *
   * @param previous version that ran before; 0: none
   */
  public record Placed(String ruleId, String title, int version, RuleAction action, int previous) {
    public boolean changed() {
      return action != RuleAction.RULE_ACTION_UNCHANGED;
    }
  }

  /**
   * What became of a change.
   *
   * @param revision in force with it; 0 when it was refused for the errors of {@code diagnostics}
   */
  public record Outcome(long revision, List<Placed> placed, List<Diagnostic> diagnostics) {}

  /** Ends a change for errors in its files; nothing is written. */
  private static final class ErrorsException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient List<Diagnostic> diagnostics;

    ErrorsException(List<Diagnostic> diagnostics) {
      super("errors in rule files");
      this.diagnostics = diagnostics;
    }
  }

  /**
   * Deploys files.
   *
   * @throws RefusedDeploymentException when it does not fit what is deployed
   * @throws DeploymentConflictException when someone else was faster
   */
  public Outcome deploy(Order order) {
    return outcome(order, planned -> revisions.change(order.note(), planned));
  }

  /** What {@link #deploy} would do; nothing is written. */
  public Outcome plan(Order order) {
    return outcome(order, planned -> planned.apply(revisions.read()));
  }

  private Outcome outcome(Order order, Function<Function<RuleBook, Plan>, Plan> change) {
    List<Placed> placed = new ArrayList<>();
    List<Diagnostic> found = new ArrayList<>();
    try {
      Plan plan =
          change.apply(
              book -> {
                requireRevision(book, order.expected());
                return plan(book, order, placed, found);
              });
      return outcome(plan, placed, found);
    } catch (ErrorsException e) {
      return new Outcome(0, List.of(), e.diagnostics);
    }
  }

  private void requireRevision(RuleBook book, long expected) {
    if (expected != 0 && book.revision() != expected) {
      throw new DeploymentConflictException(
          "revision %d%s is in force, not %d: look again"
              .formatted(book.revision(), revisions.by(), expected));
    }
  }

  private Plan plan(RuleBook book, Order order, List<Placed> placed, List<Diagnostic> found) {
    List<RuleDocument> documents = RuleDocument.of(order.files());
    Set<String> missing =
        order.retireMissing() ? RuleActions.missing(book, documents) : new TreeSet<>();
    found.addAll(check(book, order, documents, missing));
    requireFiltersForAll(documents, order.target());
    Sight sight = Sight.of(order.note().author());
    Function<String, SeenVersions> seen = id -> revisions.seen(id, sight);
    BaseVersions.require(book, order, seen);
    Deployment deployment = new Deployment(book, order.note().author(), clock);
    Map<String, Integer> versions = new HashMap<>();
    for (RuleDocument document : documents) {
      SeenVersions known = seen.apply(document.id());
      versions.put(
          document.id(),
          order.leaves(book, document, known)
              ? RuleActions.known(book, document, known)
              : deployment.deploy(
                  document, order.target().stage(), order.target().tenants(), known));
    }
    missing.forEach(deployment::retire);
    Plan plan = deployment.plan();
    requireOthersCompile(book, plan.after(), order.note());
    RuleActions actions = new RuleActions(book, plan, sight);
    documents.forEach(
        document -> placed.add(actions.of(document, versions.getOrDefault(document.id(), 0))));
    missing.forEach(id -> placed.add(actions.of(id)));
    return plan;
  }

  /** What is to be said of the files among all that stays; throws when it has an error. */
  private List<Diagnostic> check(
      RuleBook book, Order order, List<RuleDocument> documents, Set<String> missing) {
    List<RuleSource> files = order.files();
    Set<String> tenants = order.target().tenants();
    Sight sight = Sight.of(order.note().author());
    OutOfReach outOfReach = new OutOfReach(book, files, tenants, sight);
    Set<String> without = documents.stream().map(RuleDocument::id).collect(Collectors.toSet());
    without.addAll(missing);
    Set<String> names = files.stream().map(RuleSource::file).collect(Collectors.toSet());
    Compilation compiled = compiler.with(book, without, files, tenants);
    List<Diagnostic> found =
        compiled.diagnostics().stream()
            .filter(d -> names.contains(d.file()))
            .map(outOfReach::explained)
            .map(sight::told)
            .toList();
    if (found.stream().anyMatch(Diagnostic::isError)) {
      throw new ErrorsException(found);
    }
    if (documents.isEmpty()) {
      throw new RefusedDeploymentException("the files hold no rule");
    }
    return found;
  }

  private static void requireFiltersForAll(List<RuleDocument> documents, Target target) {
    boolean partly = target.stage() == RuleStage.RULE_STAGE_SHADOW || !target.tenants().isEmpty();
    for (RuleDocument document : documents) {
      if (document.kind() == RuleDocument.Kind.FILTER && partly) {
        throw new RefusedDeploymentException(
            "%s: a filter changes the rules it is for, and is live for all tenants or not at all"
                .formatted(document.file()));
      }
    }
  }

  /**
   * A rule that others refer to cannot go away under them. A rule that the caller does not see is
   * not named to it, but in the log of this server.
   */
  private void requireOthersCompile(RuleBook before, RuleBook after, Note note) {
    if (before == after) {
      return;
    }
    Set<String> broken = new HashSet<>();
    compiler.faults(before).forEach(fault -> broken.add(fault.key()));
    List<Fault> fresh =
        compiler.faults(after).stream().filter(fault -> !broken.contains(fault.key())).toList();
    if (fresh.isEmpty()) {
      return;
    }
    Sight sight = Sight.of(note.author());
    fresh.stream()
        .filter(fault -> sight.tenants(fault.placed().getTenantsList()).isPresent())
        .findFirst()
        .ifPresent(
            fault -> {
              throw new RefusedDeploymentException(sight.told(message(fault)));
            });
    LOG.warn(
        "Refused for {}, who is not told of which rule: {} ({}, for {})",
        note.author(),
        message(fresh.get(0)),
        fresh.get(0).key(),
        fresh.get(0).placed().getTenantsList());
    throw new RefusedDeploymentException(
        "a rule of another tenant depends on what this changes, and would not compile any more;"
            + " operators find its name in the log");
  }

  private static String message(Fault fault) {
    return "%s would not compile any more: %s%s"
        .formatted(
            fault.version().getFile(),
            fault.error().message(),
            fault.tenant().isEmpty() ? "" : ", with the value lists of tenant " + fault.tenant());
  }

  /**
   * Runs an older version where the newer one ran.
   *
   * @param version empty: the newest below the one that runs
   */
  public Outcome rollback(Step step, OptionalInt version) {
    return change(
        step,
        deployment -> {
          int unused = deployment.rollback(step.ruleId(), version, step.tenants());
        });
  }

  /** Stops a rule. */
  public Outcome retire(Step step) {
    return change(step, deployment -> deployment.retire(step.ruleId(), step.tenants()));
  }

  /**
   * Makes a tenant's value lists these. Refused when a rule would not compile with them any more.
   *
   * @param lists by name
   */
  public Outcome valueLists(String author, String tenant, Map<String, Deployment.ValueList> lists) {
    Note note = new Note(author, "lists", "");
    Plan plan =
        revisions.change(
            note,
            book -> {
              Deployment deployment = new Deployment(book, author, clock);
              deployment.valueLists(tenant, lists);
              Plan planned = deployment.plan();
              requireOthersCompile(book, planned.after(), note);
              return planned;
            });
    return outcome(plan, List.of(), List.of());
  }

  /**
   * Places a version that there is.
   *
   * @param version empty: the newest
   */
  public Outcome stage(Step step, OptionalInt version, Target target) {
    return change(
        step,
        deployment -> {
          int number = version.orElseGet(() -> deployment.newestVersion(step.ruleId()));
          deployment.stage(step.ruleId(), number, target.stage(), target.tenants());
        });
  }

  private Outcome change(Step step, Consumer<Deployment> how) {
    List<Placed> placed = new ArrayList<>();
    Plan plan =
        revisions.change(
            step.note(),
            book -> {
              step.check().accept(book);
              requireRevision(book, step.expected());
              Deployment deployment = new Deployment(book, step.note().author(), clock);
              how.accept(deployment);
              Plan planned = deployment.plan();
              requireOthersCompile(book, planned.after(), step.note());
              Sight sight = Sight.of(step.note().author());
              placed.add(new RuleActions(book, planned, sight).of(step.ruleId()));
              return planned;
            });
    return outcome(plan, placed, List.of());
  }

  private static Outcome outcome(Plan plan, List<Placed> placed, List<Diagnostic> found) {
    return new Outcome(plan.after().revision(), List.copyOf(placed), List.copyOf(found));
  }
}
