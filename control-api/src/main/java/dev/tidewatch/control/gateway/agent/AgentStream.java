package dev.tidewatch.control.gateway.agent;

import dev.tidewatch.control.gateway.enrollment.AgentIdentity;
import dev.tidewatch.ingest.v1.AgentMessage;
import dev.tidewatch.ingest.v1.CommandResult;
import dev.tidewatch.ingest.v1.CommandResultAcknowledgement;
import dev.tidewatch.ingest.v1.EvidenceChunk;
import dev.tidewatch.ingest.v1.GatewayMessage;
import dev.tidewatch.ingest.v1.Heartbeat;
import dev.tidewatch.ingest.v1.Hello;
import dev.tidewatch.ingest.v1.SignedCommand;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One agent's stream.
 *
 * <p>Messages are asked for one at a time: the next one when this one's events are with Kafka's
 * client and there is room for more. So per stream one message is in memory here, and what the
 * agent sends beyond that stays in the transport's window.
 */
final class AgentStream implements StreamObserver<AgentMessage> {
  private static final Logger LOG = LoggerFactory.getLogger(AgentStream.class);

  private final AgentIdentity identity;
  private final String address;
  private final StreamServices services;
  private final AgentStreams streams;
  private final ServerCallStreamObserver<GatewayMessage> agent;
  private final Outbox outbox;
  private final Blocks blocks;
  private volatile long lastMessage = System.nanoTime();
  private volatile @Nullable BatchIntake intake;
  private volatile @Nullable Heartbeat heartbeat;
  private volatile long configured;

  AgentStream(
      AgentIdentity identity,
      StreamServices services,
      AgentStreams streams,
      Blocks blocks,
      String address,
      ServerCallStreamObserver<GatewayMessage> agent) {
    this.address = address;
    this.identity = identity;
    this.services = services;
    this.streams = streams;
    this.blocks = blocks;
    this.agent = agent;
    this.outbox = new Outbox(agent);
    agent.setOnReadyHandler(() -> outbox.flush(System.nanoTime()));
    agent.setOnCancelHandler(this::gone);
  }

  @Override
  public void onNext(AgentMessage message) {
    lastMessage = System.nanoTime();
    BatchIntake batches = intake;
    if (message.getMessageCase() == AgentMessage.MessageCase.HELLO) {
      hello(message.getHello());
    } else if (batches == null) {
      end(Status.INVALID_ARGUMENT.withDescription("the first message must be hello"));
    } else {
      switch (message.getMessageCase()) {
        case BATCH -> batches.take(message.getBatch());
        case HEARTBEAT -> heartbeat(message.getHeartbeat());
        case COMMAND_RESULT -> result(message.getCommandResult());
        case EVIDENCE -> evidence(message.getEvidence());
        default -> end(Status.INVALID_ARGUMENT.withDescription("a message without content"));
      }
    }
  }

  private void hello(Hello hello) {
    if (intake != null || hello.getSpoolId().size() != 16 || hello.getHost().length() > 255) {
      end(
          Status.INVALID_ARGUMENT.withDescription(
              "hello comes once, with a spool_id of 16 bytes and a host of at most 255 characters"));
      return;
    }
    if (!isKnownHardware(hello) && services.refuseClones()) {
      end(Status.PERMISSION_DENIED.withDescription("other hardware than at enrolment"));
      return;
    }
    SpoolProgress spool = streams.arrived(this, hello, services);
    BatchIntake batches =
        new BatchIntake(this, spool, hello.getHost(), blocks, services, streams, outbox);
    outbox.granted(services.limits().streamWindowBytes());
    var unused =
        outbox.send(
            Welcomes.of(services, identity, spool.acknowledged(), outbox.granted()),
            System.nanoTime());
    intake = batches;
    services.reports().arrived(identity, hello);
    configured = hello.getConfigurationVersion();
    configure();
    for (SignedCommand command : services.commands().openFor(identity.agentId())) {
      send(command);
    }
    next();
  }

  /** Sends the configuration that the agent should have and, as far as is known, has not. */
  void configure() {
    if (intake == null) {
      return;
    }
    services
        .configurations()
        .of(identity.tenant(), identity.agentId())
        .ifPresent(
            wanted -> {
              synchronized (outbox) {
                if (Long.compareUnsigned(wanted.version(), configured) > 0
                    && outbox.send(wanted.signed(), System.nanoTime())) {
                  configured = wanted.version();
                }
              }
            });
  }

  private boolean isKnownHardware(Hello hello) {
    try {
      return services.enrollments().observe(identity, hello.getHardwareFingerprint());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Kafka has more of this agent's spool. */
  void acknowledge(SpoolProgress.Advance advance) {
    if (!outbox.acknowledge(advance.sequence(), advance.refusals(), System.nanoTime())) {
      end(Status.RESOURCE_EXHAUSTED.withDescription("too many refusals left unread"));
    }
  }

  private void heartbeat(Heartbeat report) {
    heartbeat = report;
    services.reports().reported(identity, report);
    next();
  }

  private void result(CommandResult result) {
    services
        .workers()
        .execute(
            () -> {
              try {
                services.commands().report(identity, result);
              } catch (RuntimeException e) {
                LOG.error("a result is not written down: agent={}", identity.agentId(), e);
                // It comes again with the next stream.
                end(Status.UNAVAILABLE.withDescription("the gateway cannot write"));
                return;
              }
              var unused =
                  outbox.send(
                      CommandResultAcknowledgement.newBuilder()
                          .setCommandId(result.getCommandId())
                          .setStatus(result.getStatus())
                          .build(),
                      System.nanoTime());
              next();
            });
  }

  private void evidence(EvidenceChunk chunk) {
    services
        .workers()
        .execute(
            () -> {
              if (outbox.send(services.evidence().take(identity, chunk), System.nanoTime())) {
                next();
              } else {
                end(Status.RESOURCE_EXHAUSTED.withDescription("too many answers left unread"));
              }
            });
  }

  /** Asks for the next message. */
  void next() {
    services.inFlight().whenRoom(() -> agent.request(1));
  }

  /** False when the agent's line is full. */
  boolean send(SignedCommand command) {
    return outbox.send(command, System.nanoTime());
  }

  /** Why this stream should end now, by the clock; null when it may go on. */
  @Nullable Status overdue(long now, Instant time) {
    StreamTimeouts timeouts = services.timeouts();
    long silent = now - lastMessage;
    if (intake == null && silent > timeouts.hello().toNanos()) {
      return Status.INVALID_ARGUMENT.withDescription("no hello");
    }
    Status standing = TelemetryEndpoint.standing(services.enrollments(), identity);
    if (!standing.isOk()) {
      return standing;
    }
    if (time.isAfter(identity.notAfter())) {
      return Status.UNAUTHENTICATED.withDescription("the certificate has expired; renew it");
    }
    if (outbox.blockedFor(now) > timeouts.slowClient().toNanos()) {
      return Status.RESOURCE_EXHAUSTED.withDescription("answers are left unread");
    }
    return silent > timeouts.idle().toNanos()
        ? Status.UNAVAILABLE.withDescription("idle for too long")
        : null;
  }

  /** Ends the stream from this side. */
  void end(Status status) {
    if (outbox.close()) {
      left();
      LOG.info(
          "stream ended: agent={} tenant={} status={} reason={}",
          identity.agentId(),
          identity.tenant(),
          status.getCode(),
          status.getDescription());
      agent.onError(status.asRuntimeException());
    }
  }

  @Override
  public void onError(Throwable failure) {
    gone();
  }

  @Override
  public void onCompleted() {
    left();
    if (outbox.close()) {
      agent.onCompleted();
    }
  }

  /** The agent is not there any more. */
  private void gone() {
    var unused = outbox.close();
    left();
  }

  private void left() {
    if (streams.left(this)) {
      services.reports().left(identity);
    }
  }

  /** Where it comes from. */
  String address() {
    return address;
  }

  AgentIdentity identity() {
    return identity;
  }

  @Nullable SpoolProgress progress() {
    BatchIntake batches = intake;
    return batches == null ? null : batches.spool();
  }

  @Nullable Heartbeat lastHeartbeat() {
    return heartbeat;
  }
}
