package dev.tidewatch.control.rule;

import dev.tidewatch.control.request.Answer;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.GetRuleRequest;
import dev.tidewatch.control.v1.ListRulesRequest;
import dev.tidewatch.control.v1.ListRulesResponse;
import dev.tidewatch.control.v1.Rule;
import dev.tidewatch.control.v1.RuleServiceGrpc;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.store.InvalidPageTokenException;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code RuleService} over the rule set that was compiled last. Methods run on blocking threads.
 */
public final class RuleEndpoint extends RuleServiceGrpc.RuleServiceImplBase {
  private static final int LARGEST_PAGE = 5_000;
  private static final int DEFAULT_PAGE = 1_000;

  private final Supplier<Compilation> compiled;
  private final AlertCounts counts;
  private volatile @Nullable Read read;

  /** The catalog of the compilation it was made from. */
  private record Read(Compilation compilation, RuleCatalog catalog) {}

  /**
   * @param compiled the rule set in force; may answer another one later
   */
  public RuleEndpoint(Supplier<Compilation> compiled, AlertCounts counts) {
    this.compiled = compiled;
    this.counts = counts;
  }

  /** Rules in force. */
  public int size() {
    return catalog().size();
  }

  @Override
  public void listRules(ListRulesRequest request, StreamObserver<ListRulesResponse> observer) {
    Answer.with(observer, () -> list(request));
  }

  private ListRulesResponse list(ListRulesRequest request) {
    new FieldChecks()
        .tenant(request.getTenantId())
        .words("text", request.getText())
        .count("page_size", request.getPageSize(), LARGEST_PAGE)
        .text("page_token", request.getPageToken(), 8_000)
        .done();
    int size = request.getPageSize() == 0 ? DEFAULT_PAGE : request.getPageSize();
    ListRulesResponse page = catalog().page(request.getText(), size, place(request.getPageToken()));
    Optional<Map<String, Long>> alerts = counts.ofTenant(request.getTenantId());
    ListRulesResponse.Builder answer = page.toBuilder();
    answer.getRulesBuilderList().forEach(rule -> count(rule, alerts));
    return answer.build();
  }

  private static Optional<RulePlace> place(String token) {
    Optional<RulePlace> place = RulePlace.parse(token);
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
        catalog().get(id).orElseThrow(() -> Failures.notFound("no such rule")).toBuilder();
    count(rule, counts.ofTenant(request.getTenantId()));
    return rule.build();
  }

  private static void count(Rule.Builder rule, Optional<Map<String, Long>> alerts) {
    alerts.ifPresent(byRule -> rule.setAlerts24H(byRule.getOrDefault(rule.getRuleId(), 0L)));
  }

  private RuleCatalog catalog() {
    Compilation compilation = compiled.get();
    Read last = read;
    if (last == null || last.compilation() != compilation) {
      last = new Read(compilation, new RuleCatalog(compilation));
      read = last;
    }
    return last.catalog();
  }
}
