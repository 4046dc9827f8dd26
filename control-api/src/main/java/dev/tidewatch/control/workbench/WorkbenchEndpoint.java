package dev.tidewatch.control.workbench;

import dev.tidewatch.control.request.Answer;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.GetVocabularyRequest;
import dev.tidewatch.control.v1.RuleText;
import dev.tidewatch.control.v1.TestRulesRequest;
import dev.tidewatch.control.v1.TestRulesResponse;
import dev.tidewatch.control.v1.ValidateRulesRequest;
import dev.tidewatch.control.v1.ValidateRulesResponse;
import dev.tidewatch.control.v1.Vocabulary;
import dev.tidewatch.control.v1.WorkbenchServiceGrpc;
import dev.tidewatch.sigma.CompilerOptions;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** {@code WorkbenchService}. Methods run on blocking threads. */
public final class WorkbenchEndpoint extends WorkbenchServiceGrpc.WorkbenchServiceImplBase {
  private static final int MOST_SOURCES = 100;
  private static final int MOST_EVENTS = 500;
  private static final int LONGEST_FILE_NAME = 500;

  private final Function<String, Compilation> running;
  private final Function<String, Map<String, List<String>>> lists;

  /**
   * @param running the rule set in force for a tenant, which tested rules may refer to
   * @param lists what a tenant's rules are compiled with: values of placeholders by their names
   */
  public WorkbenchEndpoint(
      Function<String, Compilation> running, Function<String, Map<String, List<String>>> lists) {
    this.running = running;
    this.lists = lists;
  }

  @Override
  public void validateRules(
      ValidateRulesRequest request, StreamObserver<ValidateRulesResponse> observer) {
    Answer.with(
        observer,
        () -> {
          check(new FieldChecks().tenant(request.getTenantId()), request.getSourcesList()).done();
          return workbench(request.getTenantId(), request.getSourcesList()).validation();
        });
  }

  @Override
  public void testRules(TestRulesRequest request, StreamObserver<TestRulesResponse> observer) {
    Answer.with(
        observer,
        () -> {
          check(new FieldChecks().tenant(request.getTenantId()), request.getSourcesList())
              .require(
                  request.getEventsCount() <= MOST_EVENTS,
                  "events",
                  "must be at most " + MOST_EVENTS)
              .done();
          return RuleTrial.run(workbench(request.getTenantId(), request.getSourcesList()), request);
        });
  }

  private Workbench workbench(String tenant, List<RuleText> sources) {
    return Workbench.beside(
        running.apply(tenant), sources, new CompilerOptions(lists.apply(tenant)));
  }

  @Override
  public void getVocabulary(GetVocabularyRequest request, StreamObserver<Vocabulary> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks()
              .tenant(request.getTenantId())
              .name("product", request.getProduct())
              .name("category", request.getCategory())
              .name("service", request.getService())
              .done();
          return RuleVocabulary.of(running.apply(request.getTenantId()), request);
        });
  }

  private static FieldChecks check(FieldChecks checks, List<RuleText> sources) {
    checks.require(
        !sources.isEmpty() && sources.size() <= MOST_SOURCES,
        "sources",
        "must be 1 to " + MOST_SOURCES);
    for (int i = 0; i < sources.size(); i++) {
      String file = sources.get(i).getFile();
      checks
          .require(!file.isBlank(), "sources[" + i + "].file", "must not be empty")
          .text("sources[" + i + "].file", file, LONGEST_FILE_NAME);
    }
    return checks;
  }
}
