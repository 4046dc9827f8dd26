package dev.tidewatch.control.rule;

import dev.tidewatch.control.request.Answer;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.request.PageKey;
import dev.tidewatch.control.v1.CreateRuleVersionRequest;
import dev.tidewatch.control.v1.CreateRuleVersionResponse;
import dev.tidewatch.control.v1.DiffRuleVersionsRequest;
import dev.tidewatch.control.v1.ExportRulesRequest;
import dev.tidewatch.control.v1.ExportRulesResponse;
import dev.tidewatch.control.v1.GetRuleRequest;
import dev.tidewatch.control.v1.GetRuleVersionRequest;
import dev.tidewatch.control.v1.ListRuleFiguresRequest;
import dev.tidewatch.control.v1.ListRuleFiguresResponse;
import dev.tidewatch.control.v1.ListRuleHistoryRequest;
import dev.tidewatch.control.v1.ListRuleHistoryResponse;
import dev.tidewatch.control.v1.ListRuleVersionsRequest;
import dev.tidewatch.control.v1.ListRuleVersionsResponse;
import dev.tidewatch.control.v1.ListRulesRequest;
import dev.tidewatch.control.v1.ListRulesResponse;
import dev.tidewatch.control.v1.Rule;
import dev.tidewatch.control.v1.RuleDiff;
import dev.tidewatch.control.v1.RuleEvent;
import dev.tidewatch.control.v1.RuleServiceGrpc;
import dev.tidewatch.control.v1.RuleVerdicts;
import dev.tidewatch.control.v1.StoredRuleVersion;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.store.InvalidPageTokenException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code RuleService} over the rule set that was compiled last and the rules that are kept. Methods
 * run on blocking threads.
 */
public final class RuleEndpoint extends RuleServiceGrpc.RuleServiceImplBase {
  private static final int LARGEST_PAGE = 5_000;
  private static final int DEFAULT_PAGE = 1_000;
  private static final int LARGEST_HISTORY = 1_000;
  private static final int DEFAULT_HISTORY = 100;

  private final Supplier<Compilation> compiled;
  private final RuleArchive archive;
  private final AlertCounts counts;
  private final Function<String, List<RuleVerdicts>> verdicts;
  private volatile @Nullable Read read;

  /** The catalog of the compilation and the book it was made from. */
  private record Read(Compilation compilation, RuleBook book, RuleCatalog catalog) {}

  /**
   * @param compiled the rule set in force; may answer another one later
   * @param verdicts of a tenant, by rule
   */
  public RuleEndpoint(
      Supplier<Compilation> compiled,
      RuleArchive archive,
      AlertCounts counts,
      Function<String, List<RuleVerdicts>> verdicts) {
    this.compiled = compiled;
    this.archive = archive;
    this.counts = counts;
    this.verdicts = verdicts;
  }

  /** Rules in force. */
  public int size() {
    Compilation now = compiled.get();
    return now.rules().size() + now.stateful().size();
  }

  @Override
  public void listRules(ListRulesRequest request, StreamObserver<ListRulesResponse> observer) {
    Answer.with(observer, () -> list(request));
  }

  private ListRulesResponse list(ListRulesRequest request) {
    RuleFilter.check(new FieldChecks().tenant(request.getTenantId()), request)
        .count("page_size", request.getPageSize(), LARGEST_PAGE)
        .text("page_token", request.getPageToken(), 8_000)
        .done();
    int size = request.getPageSize() == 0 ? DEFAULT_PAGE : request.getPageSize();
    ListRulesResponse page =
        catalog()
            .page(
                RuleFilter.of(request),
                archive.sight(request.getTenantId()),
                size,
                place(request.getPageToken()));
    Optional<Map<String, Long>> alerts = counts.ofTenant(request.getTenantId());
    ListRulesResponse.Builder answer = page.toBuilder();
    answer.getRulesBuilderList().forEach(rule -> count(rule, alerts));
    return answer.build();
  }

  private static Optional<ListPlace> place(String token) {
    Optional<ListPlace> place = ListPlace.parse(token);
    if (!token.isEmpty() && place.isEmpty()) {
      throw new InvalidPageTokenException(token);
    }
    return place;
  }

  @Override
  public void getRule(GetRuleRequest request, StreamObserver<Rule> observer) {
    Answer.with(observer, () -> get(request));
  }

  private Rule get(GetRuleRequest request) {
    String id = request.getRuleId();
    new FieldChecks().tenant(request.getTenantId()).name("rule_id", id).done();
    Rule.Builder rule =
        catalog()
            .get(id, archive.sight(request.getTenantId()))
            .orElseThrow(RuleEndpoint::noSuchRule)
            .toBuilder();
    count(rule, counts.ofTenant(request.getTenantId()));
    return rule.build();
  }

  private static RuntimeException noSuchRule() {
    return Failures.notFound("no such rule");
  }

  private static void count(Rule.Builder rule, Optional<Map<String, Long>> alerts) {
    alerts.ifPresent(byRule -> rule.setAlerts24H(byRule.getOrDefault(rule.getRuleId(), 0L)));
  }

  @Override
  public void createRuleVersion(
      CreateRuleVersionRequest request, StreamObserver<CreateRuleVersionResponse> observer) {
    Answer.with(observer, () -> archive.create(request));
  }

  @Override
  public void listRuleVersions(
      ListRuleVersionsRequest request, StreamObserver<ListRuleVersionsResponse> observer) {
    Answer.with(observer, () -> versions(request));
  }

  private ListRuleVersionsResponse versions(ListRuleVersionsRequest request) {
    check(request.getTenantId(), request.getRuleId())
        .count("page_size", request.getPageSize(), LARGEST_HISTORY)
        .text("page_token", request.getPageToken(), 100)
        .done();
    int size = request.getPageSize() == 0 ? DEFAULT_HISTORY : request.getPageSize();
    long below = PageKey.number(request.getPageToken(), Long.MAX_VALUE);
    List<StoredRuleVersion> found =
        archive.versions(request.getTenantId(), request.getRuleId(), below, size + 1);
    if (found.isEmpty() && request.getPageToken().isEmpty()) {
      throw noSuchRule();
    }
    List<StoredRuleVersion> page = found.subList(0, Math.min(size, found.size()));
    ListRuleVersionsResponse.Builder answer =
        ListRuleVersionsResponse.newBuilder().addAllVersions(page);
    if (page.size() < found.size()) {
      answer.setNextPageToken(PageKey.of(page.get(page.size() - 1).getVersion()));
    }
    return answer.build();
  }

  private static FieldChecks check(String tenant, String ruleId) {
    return new FieldChecks()
        .tenant(tenant)
        .name("rule_id", ruleId)
        .require(!ruleId.isBlank(), "rule_id", "must be a rule's id");
  }

  @Override
  public void getRuleVersion(
      GetRuleVersionRequest request, StreamObserver<StoredRuleVersion> observer) {
    Answer.with(
        observer,
        () -> {
          check(request.getTenantId(), request.getRuleId()).done();
          return version(request.getTenantId(), request.getRuleId(), request.getVersion());
        });
  }

  private StoredRuleVersion version(String tenant, String ruleId, int version) {
    return archive
        .version(tenant, ruleId, version)
        .orElseThrow(() -> Failures.notFound("rule " + ruleId + " has no version " + version));
  }

  @Override
  public void diffRuleVersions(DiffRuleVersionsRequest request, StreamObserver<RuleDiff> observer) {
    Answer.with(observer, () -> diff(request));
  }

  private RuleDiff diff(DiffRuleVersionsRequest request) {
    String tenant = request.getTenantId();
    String ruleId = request.getRuleId();
    check(tenant, ruleId).done();
    int to = request.getTo() == 0 ? newestBelow(tenant, ruleId, Long.MAX_VALUE) : request.getTo();
    int from = request.getFrom() == 0 ? newestBelow(tenant, ruleId, to) : request.getFrom();
    StoredRuleVersion before = version(tenant, ruleId, from);
    StoredRuleVersion after = version(tenant, ruleId, to);
    TextDiff lines = TextDiff.of(before.getSource(), after.getSource());
    return RuleDiff.newBuilder()
        .setFrom(before.toBuilder().clearSource())
        .setTo(after.toBuilder().clearSource())
        .setUnified(lines.unified())
        .setAddedLines(lines.added())
        .setRemovedLines(lines.removed())
        .addAllFields(FieldChanges.of(before.getSource(), after.getSource()))
        .build();
  }

  private int newestBelow(String tenant, String ruleId, long below) {
    return archive.versions(tenant, ruleId, below, 1).stream()
        .findFirst()
        .orElseThrow(() -> Failures.notFound("rule " + ruleId + " has no version below " + below))
        .getVersion();
  }

  @Override
  public void listRuleHistory(
      ListRuleHistoryRequest request, StreamObserver<ListRuleHistoryResponse> observer) {
    Answer.with(observer, () -> history(request));
  }

  private ListRuleHistoryResponse history(ListRuleHistoryRequest request) {
    check(request.getTenantId(), request.getRuleId())
        .count("page_size", request.getPageSize(), LARGEST_HISTORY)
        .text("page_token", request.getPageToken(), 100)
        .done();
    int size = request.getPageSize() == 0 ? DEFAULT_HISTORY : request.getPageSize();
    long below = PageKey.number(request.getPageToken(), Long.MAX_VALUE);
    List<RuleEvent> found =
        archive.history(request.getTenantId(), request.getRuleId(), below, size + 1);
    List<RuleEvent> page = found.subList(0, Math.min(size, found.size()));
    ListRuleHistoryResponse.Builder answer =
        ListRuleHistoryResponse.newBuilder().addAllEvents(page);
    if (page.size() < found.size()) {
      answer.setNextPageToken(PageKey.of(page.get(page.size() - 1).getRevision()));
    }
    return answer.build();
  }

  @Override
  public void listRuleFigures(
      ListRuleFiguresRequest request, StreamObserver<ListRuleFiguresResponse> observer) {
    Answer.with(
        observer,
        () -> {
          String tenant = request.getTenantId();
          new FieldChecks().tenant(tenant).name("rule_id", request.getRuleId()).done();
          return new RuleFiguresReport(
                  archive.status(tenant), verdicts.apply(tenant), counts.ofTenant(tenant))
              .of(request.getRuleId());
        });
  }

  @Override
  public void exportRules(
      ExportRulesRequest request, StreamObserver<ExportRulesResponse> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks().tenant(request.getTenantId()).done();
          Sight sight = archive.sight(request.getTenantId());
          return RuleExport.of(archive.book(), request.getStagesList(), sight);
        });
  }

  private RuleCatalog catalog() {
    Compilation compilation = compiled.get();
    RuleBook book = archive.book();
    Read last = read;
    if (last == null || last.compilation() != compilation || last.book() != book) {
      last = new Read(compilation, book, new RuleCatalog(compilation, book));
      read = last;
    }
    return last.catalog();
  }
}
