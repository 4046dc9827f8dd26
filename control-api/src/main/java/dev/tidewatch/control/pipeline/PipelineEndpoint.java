package dev.tidewatch.control.pipeline;

import dev.tidewatch.control.access.Authentication;
import dev.tidewatch.control.access.Principal;
import dev.tidewatch.control.request.Answer;
import dev.tidewatch.control.v1.GetPipelineHealthRequest;
import dev.tidewatch.control.v1.PipelineHealth;
import dev.tidewatch.control.v1.PipelineServiceGrpc;
import io.grpc.stub.StreamObserver;
import java.time.Clock;

/** {@code PipelineService}: the last look, whatever state the parts are in. */
public final class PipelineEndpoint extends PipelineServiceGrpc.PipelineServiceImplBase {
  private final PipelineSampler sampler;
  private final Clock clock;

  public PipelineEndpoint(PipelineSampler sampler, Clock clock) {
    this.sampler = sampler;
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
}
