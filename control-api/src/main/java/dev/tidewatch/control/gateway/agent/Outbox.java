package dev.tidewatch.control.gateway.agent;

import dev.tidewatch.ingest.v1.Acknowledgement;
import dev.tidewatch.ingest.v1.CommandResultAcknowledgement;
import dev.tidewatch.ingest.v1.Credit;
import dev.tidewatch.ingest.v1.EvidenceAcknowledgement;
import dev.tidewatch.ingest.v1.GatewayMessage;
import dev.tidewatch.ingest.v1.Refusal;
import dev.tidewatch.ingest.v1.SignedCommand;
import dev.tidewatch.ingest.v1.SignedConfiguration;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What goes down to an agent. Acknowledgements and credit are totals, so an agent that does not
 * read costs one of each and no queue: only the newest waits. What else waits is bounded.
 */
final class Outbox {
  private static final int MOST_REFUSALS = 10_000;
  private static final int MOST_MESSAGES = 256;

  private final ServerCallStreamObserver<GatewayMessage> agent;
  private final Queue<GatewayMessage> messages = new ArrayDeque<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private long acknowledged;
  private boolean answerDue;
  private long granted;
  private long grantedSent;
  private boolean closed;
  private boolean flushing;
  private long blockedSince = -1;

  Outbox(ServerCallStreamObserver<GatewayMessage> agent) {
    this.agent = agent;
  }

  /** False when too much waits already. */
  synchronized boolean send(GatewayMessage message, long now) {
    if (closed || messages.size() >= MOST_MESSAGES) {
      return false;
    }
    messages.add(message);
    flush(now);
    return true;
  }

  boolean send(SignedCommand command, long now) {
    return send(GatewayMessage.newBuilder().setCommand(command).build(), now);
  }

  boolean send(SignedConfiguration configuration, long now) {
    return send(GatewayMessage.newBuilder().setConfiguration(configuration).build(), now);
  }

  boolean send(CommandResultAcknowledgement answer, long now) {
    return send(GatewayMessage.newBuilder().setCommandResultAcknowledgement(answer).build(), now);
  }

  boolean send(EvidenceAcknowledgement answer, long now) {
    return send(GatewayMessage.newBuilder().setEvidenceAcknowledgement(answer).build(), now);
  }

  /**
   * @return false when the agent has let more refusals pile up than are kept
   */
  synchronized boolean acknowledge(long sequence, List<Refusal> more, long now) {
    acknowledged = sequence;
    answerDue = true;
    refusals.addAll(more);
    flush(now);
    return refusals.size() <= MOST_REFUSALS;
  }

  synchronized void grant(long total, long now) {
    granted = Math.max(granted, total);
    flush(now);
  }

  /** The grant that Welcome carries. */
  synchronized void granted(long total) {
    granted = total;
    grantedSent = total;
  }

  /**
   * Sends what waits as long as the agent takes it. Sending may call back into here before it
   * returns (armeria#6938): what is sent is forgotten first, and only the outer call sends.
   */
  synchronized void flush(long now) {
    if (closed || flushing) {
      return;
    }
    flushing = true;
    try {
      while (agent.isReady()) {
        GatewayMessage message = next();
        if (message == null) {
          break;
        }
        agent.onNext(message);
      }
    } finally {
      flushing = false;
    }
    boolean waits = answerDue || granted > grantedSent || !messages.isEmpty();
    blockedSince = !waits ? -1 : blockedSince < 0 ? now : blockedSince;
  }

  private @Nullable GatewayMessage next() {
    if (!messages.isEmpty()) {
      return messages.remove();
    }
    if (answerDue) {
      answerDue = false;
      Acknowledgement.Builder answer =
          Acknowledgement.newBuilder().setSequence(acknowledged).addAllRefusals(refusals);
      refusals.clear();
      return GatewayMessage.newBuilder().setAcknowledgement(answer).build();
    }
    if (granted > grantedSent) {
      grantedSent = granted;
      return GatewayMessage.newBuilder()
          .setCredit(Credit.newBuilder().setGrantedBytes(granted))
          .build();
    }
    return null;
  }

  /** Nanoseconds for which something has been waiting for the agent to read. */
  synchronized long blockedFor(long now) {
    return blockedSince < 0 ? 0 : now - blockedSince;
  }

  synchronized long granted() {
    return granted;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Nothing more goes down. False when that was so already. */
  synchronized boolean close() {
    boolean first = !closed;
    closed = true;
    messages.clear();
    refusals.clear();
    return first;
  }
}
