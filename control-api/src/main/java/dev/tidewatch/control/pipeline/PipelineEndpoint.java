package dev.tidewatch.control.pipeline;

import dev.tidewatch.control.access.Authentication;
import dev.tidewatch.control.access.Principal;
import dev.tidewatch.control.request.Answer;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.GetPipelineHealthRequest;
import dev.tidewatch.control.v1.ListDeadLettersRequest;
import dev.tidewatch.control.v1.ListDeadLettersResponse;
import dev.tidewatch.control.v1.ListLogSourcesRequest;
import dev.tidewatch.control.v1.ListLogSourcesResponse;
import dev.tidewatch.control.v1.PipelineHealth;
import dev.tidewatch.control.v1.PipelineServiceGrpc;
import dev.tidewatch.store.ClickHouseStore;
import dev.tidewatch.store.DeadLetterQueries;
import dev.tidewatch.store.LogSourceQueries;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Duration;

/**
 * {@code PipelineService}: the last look, whatever state the parts are in; what could not be read;
 * and who sends. Methods run on blocking threads.
 */
public final class PipelineEndpoint extends PipelineServiceGrpc.PipelineServiceImplBase {
  private static final int MOST_LETTERS = 200;
  private static final int USUAL_LETTERS = 50;
  private static final int MOST_HOURS = 168;
  private static final int USUAL_HOURS = 24;

  private final PipelineSampler sampler;
  private final DeadLetterQueries letters;
  private final LogSourceQueries sources;
  private final Clock clock;

  public PipelineEndpoint(PipelineSampler sampler, ClickHouseStore store, Clock clock) {
    this.sampler = sampler;
    this.letters = store.deadLetterQueries();
    this.sources = store.logSourceQueries();
    this.clock = clock;
  }

  @Override
  public void getPipelineHealth(
      GetPipelineHealthRequest request, StreamObserver<PipelineHealth> observer) {
    Answer.with(observer, () -> health(Authentication.principal()));
  }

  /** Dead letters are of tenants: everyone sees its own, operators all. */
  private PipelineHealth health(Principal principal) {
    PipelineHealth health = sampler.health();
    PipelineHealth.Builder answer = health.toBuilder().setServerTimeMs(clock.millis());
    if (!principal.isOperator()) {
      answer.clearRecentDeadLetters();
      health.getRecentDeadLettersList().stream()
          .filter(letter -> letter.getTenantId().equals(principal.tenant()))
          .forEach(answer::addRecentDeadLetters);
    }
    return answer.build();
  }

  @Override
  public void listDeadLetters(
      ListDeadLettersRequest request, StreamObserver<ListDeadLettersResponse> observer) {
    Answer.with(observer, () -> letters(request, Authentication.principal()));
  }

  private ListDeadLettersResponse letters(ListDeadLettersRequest request, Principal principal) {
    new FieldChecks()
        .tenant(request.getTenantId())
        .name("code", request.getCode())
        .count("limit", request.getLimit(), MOST_LETTERS)
        .done();
    return letters.list(
        request.getTenantId(),
        principal.isOperator(),
        request.getCode(),
        request.getLimit() == 0 ? USUAL_LETTERS : request.getLimit());
  }

  @Override
  public void listLogSources(
      ListLogSourcesRequest request, StreamObserver<ListLogSourcesResponse> observer) {
    Answer.with(observer, () -> sources(request));
  }

  private ListLogSourcesResponse sources(ListLogSourcesRequest request) {
    new FieldChecks()
        .tenant(request.getTenantId())
        .count("hours", request.getHours(), MOST_HOURS)
        .done();
    int hours = request.getHours() == 0 ? USUAL_HOURS : request.getHours();
    return ListLogSourcesResponse.newBuilder()
        .addAllLogSources(sources.seen(request.getTenantId(), Duration.ofHours(hours)))
        .build();
  }
}
