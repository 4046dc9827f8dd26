package dev.tidewatch.control.gateway.agent;

import dev.tidewatch.control.gateway.enrollment.AgentIdentity;
import dev.tidewatch.control.gateway.ingest.IngestMetrics.Way;
import dev.tidewatch.ingest.v1.Batch;
import dev.tidewatch.ingest.v1.Refusal;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The batches of one stream, from the agent's hello on: each is paid for, put in the order of its
 * spool, opened on a worker and sent to Kafka, whose answer goes back as an acknowledgement and as
 * credit.
 */
final class BatchIntake {
  private static final Logger LOG = LoggerFactory.getLogger(BatchIntake.class);

  private final AgentStream stream;
  private final SpoolProgress spool;
  private final long turn;
  private final Blocks.Sender sender;
  private final Blocks blocks;
  private final StreamServices services;
  private final AgentStreams streams;
  private final StreamCredit credit;

  /** Takes the spool's turn: what older streams of it still have under way is theirs. */
  BatchIntake(
      AgentStream stream,
      SpoolProgress spool,
      String host,
      Blocks blocks,
      StreamServices services,
      AgentStreams streams,
      Outbox outbox) {
    AgentIdentity identity = stream.identity();
    this.stream = stream;
    this.spool = spool;
    this.turn = spool.attach();
    this.sender = new Blocks.Sender(identity.tenant(), identity.agentId(), host);
    this.blocks = blocks;
    this.services = services;
    this.streams = streams;
    this.credit = new StreamCredit(identity.tenant(), services, outbox);
  }

  SpoolProgress spool() {
    return spool;
  }

  void take(Batch batch) {
    long cost = Blocks.cost(batch);
    if (!credit.spend(cost)) {
      stream.end(Status.RESOURCE_EXHAUSTED.withDescription("sent without credit"));
      return;
    }
    long reserved = Math.min(cost, services.limits().maxBlockBytes()) + batch.getSerializedSize();
    if (!services.inFlight().take(reserved)) {
      stream.end(Status.UNAVAILABLE.withDescription("the gateway has too much to do; come back"));
      return;
    }
    SpoolProgress.Admission admission =
        spool.admit(turn, batch.getSequence(), attempt -> open(attempt, batch, cost, reserved));
    if (admission != SpoolProgress.Admission.NEW) {
      services.inFlight().release(reserved);
    }
    switch (admission) {
      case NEW -> {}
      case KNOWN -> {
        services.metrics().duplicate(sender.tenant());
        stream.acknowledge(spool.standing());
        credit.repay(cost);
        stream.next();
      }
      case UNDER_WAY -> {
        services.metrics().duplicate(sender.tenant());
        credit.repay(cost);
        stream.next();
      }
      case OUT_OF_TURN ->
          stream.end(
              Status.UNAVAILABLE.withDescription("something before it must come again; come back"));
    }
  }

  /** On a worker, one after the other of a spool. */
  private void open(SpoolProgress.Attempt attempt, Batch batch, long cost, long reserved) {
    if (!spool.isPending(attempt)) {
      services.inFlight().release(reserved);
      stream.end(
          Status.UNAVAILABLE.withDescription("something before it must come again; come back"));
      return;
    }
    try {
      Blocks.Opened opened =
          blocks.open(
              batch, sender, ChronoUnit.MICROS.between(Instant.EPOCH, services.clock().instant()));
      count(opened.refusals());
      var unused =
          attempt
              .line()
              .ingest(opened.events())
              .whenComplete(
                  (done, failure) -> {
                    services.inFlight().release(reserved);
                    settle(attempt, cost, opened, failure);
                  });
      stream.next();
    } catch (RuntimeException | Error e) {
      services.inFlight().release(reserved);
      boolean unused = spool.failed(attempt);
      LOG.error("batch failed: agent={} tenant={}", sender.agentId(), sender.tenant(), e);
      stream.end(Status.INTERNAL.withDescription("the gateway failed on a batch"));
    }
  }

  private void count(List<Refusal> refusals) {
    for (Refusal refusal : refusals) {
      String reason = refusal.getReason().name().substring("REFUSAL_REASON_".length());
      services.metrics().refused(sender.tenant(), Way.AGENT, reason, 1);
    }
  }

  /** On Kafka's thread, or on a worker. */
  private void settle(
      SpoolProgress.Attempt attempt, long cost, Blocks.Opened opened, @Nullable Throwable failure) {
    int events = opened.events().size();
    if (failure != null) {
      services.metrics().failed(sender.tenant(), Way.AGENT, events);
      if (spool.failed(attempt)) {
        streams.endAll(spool, Status.UNAVAILABLE.withDescription("Kafka does not take events now"));
      }
      return;
    }
    services.metrics().accepted(sender.tenant(), Way.AGENT, events, opened.bytes());
    SpoolProgress.Advance advance = spool.settled(attempt, opened.refusals());
    streams.advanced(spool, advance);
    Duration wait = services.quotas().charge(sender.tenant(), events, opened.bytes());
    if (wait.isZero()) {
      credit.repay(cost);
    } else {
      services.metrics().overQuota(sender.tenant(), Way.AGENT, events);
      credit.repayAfter(wait, cost);
    }
  }
}
