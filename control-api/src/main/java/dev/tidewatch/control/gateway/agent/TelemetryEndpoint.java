package dev.tidewatch.control.gateway.agent;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.gateway.enrollment.AgentIdentity;
import dev.tidewatch.control.gateway.enrollment.Enrollments;
import dev.tidewatch.control.gateway.enrollment.PeerCertificate;
import dev.tidewatch.ingest.v1.AgentMessage;
import dev.tidewatch.ingest.v1.GatewayMessage;
import dev.tidewatch.ingest.v1.TelemetryServiceGrpc.TelemetryServiceImplBase;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/** {@code TelemetryService}: lets agents in by their certificates. */
public final class TelemetryEndpoint extends TelemetryServiceImplBase {
  private final StreamServices services;
  private final AgentStreams streams;
  private final Blocks blocks;

  public TelemetryEndpoint(StreamServices services, AgentStreams streams) {
    this.services = services;
    this.streams = streams;
    this.blocks = new Blocks(services.limits());
  }

  @Override
  public StreamObserver<AgentMessage> stream(StreamObserver<GatewayMessage> answers) {
    ServerCallStreamObserver<GatewayMessage> agent =
        (ServerCallStreamObserver<GatewayMessage>) answers;
    ServiceRequestContext ctx = ServiceRequestContext.current();
    ctx.clearRequestTimeout();
    ctx.setMaxRequestLength(0);
    Optional<AgentIdentity> identity = PeerCertificate.identity(ctx);
    Status refusal = refusal(identity);
    if (!refusal.isOk() || identity.isEmpty()) {
      agent.onError(refusal.asRuntimeException());
      return new Refused();
    }
    agent.disableAutoRequest();
    String address = ctx.remoteAddress().getAddress().getHostAddress();
    AgentStream stream = new AgentStream(identity.get(), services, streams, blocks, address, agent);
    if (!streams.opened(stream, services.limits())) {
      agent.onError(
          Status.RESOURCE_EXHAUSTED
              .withDescription("too many streams of this agent or address")
              .asRuntimeException());
      return new Refused();
    }
    agent.request(1);
    return stream;
  }

  private Status refusal(Optional<AgentIdentity> identity) {
    if (identity.isEmpty()) {
      return Status.UNAUTHENTICATED.withDescription("streaming needs a client certificate");
    }
    if (services.clock().instant().isAfter(identity.get().notAfter())) {
      return Status.UNAUTHENTICATED.withDescription("the certificate has expired; renew it");
    }
    return standing(services.enrollments(), identity.get());
  }

  /** OK, or why the agent may not stream now. */
  static Status standing(Enrollments enrollments, AgentIdentity identity) {
    return switch (enrollments.welcome(identity)) {
      case YES -> Status.OK;
      case LATER -> Status.UNAVAILABLE.withDescription("the tenant is suspended");
      case NEVER -> Status.PERMISSION_DENIED.withDescription("revoked or not enrolled here");
    };
  }

  /** Whatever a refused caller still sends is dropped. */
  private static final class Refused implements StreamObserver<AgentMessage> {
    @Override
    public void onNext(AgentMessage message) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
