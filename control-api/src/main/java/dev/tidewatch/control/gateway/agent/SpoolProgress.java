package dev.tidewatch.control.gateway.agent;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import dev.tidewatch.control.gateway.ingest.Ingest;
import dev.tidewatch.ingest.v1.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How far one spool of an agent has come: what was received, what Kafka has. It outlives streams,
 * so that an agent that comes back while its batches are still on their way to Kafka does not send
 * them twice.
 *
 * <p>Batches are admitted in the order of their numbers, opened and handed to Kafka's client in
 * that order, and settle in any; the acknowledged number is that of the last batch before which all
 * have settled. When one fails, all that have not been acknowledged are forgotten, so that the
 * agent sends them again, on a line of its own and after a new hello: until then nothing is
 * admitted, or a batch that follows the failed ones would hide that they are missing.
 */
final class SpoolProgress {
  private final String agentId;
  private final ByteString spoolId;
  private final Supplier<Ingest.Line> lines;
  private final Executor inOrder;
  private final Deque<Attempt> pending = new ArrayDeque<>();
  private Ingest.Line line;
  private long received;
  private long acknowledged;
  private long turn;

  /** A batch on its way; the same batch sent again is another one. */
  static final class Attempt {
    private final long sequence;
    private final Ingest.Line line;
    private final List<Refusal> refusals = new ArrayList<>();
    private boolean settled;

    private Attempt(long sequence, Ingest.Line line) {
      this.sequence = sequence;
      this.line = line;
    }

    /** Where its events go. */
    Ingest.Line line() {
      return line;
    }
  }

  /**
   * @param acknowledged what is known to be in Kafka: the agent's own word, for a spool that this
   *     gateway has not seen
   * @param lines to Kafka
   * @param workers open batches
   */
  SpoolProgress(
      String agentId,
      ByteString spoolId,
      long acknowledged,
      Supplier<Ingest.Line> lines,
      Executor workers) {
    this.agentId = agentId;
    this.spoolId = spoolId;
    this.acknowledged = acknowledged;
    this.received = acknowledged;
    this.lines = lines;
    this.inOrder = MoreExecutors.newSequentialExecutor(workers);
    this.line = lines.get();
  }

  String agentId() {
    return agentId;
  }

  ByteString spoolId() {
    return spoolId;
  }

  /** A stream has said hello: from now on it, and no other, brings batches. */
  synchronized long attach() {
    return ++turn;
  }

  /** What to make of a batch. */
  enum Admission {
    NEW,
    /** On its way to Kafka already; its acknowledgement follows. */
    UNDER_WAY,
    /** In Kafka already. */
    KNOWN,
    /** Another stream has come, or a batch before this one has failed: hello comes first. */
    OUT_OF_TURN
  }

  /**
   * @param inTurn what {@link #attach} gave the stream
   * @param opening run for a new batch after those of all before it have returned; it hands the
   *     batch's events to the attempt's line
   */
  synchronized Admission admit(long inTurn, long sequence, Consumer<Attempt> opening) {
    if (inTurn != turn) {
      return Admission.OUT_OF_TURN;
    }
    if (Long.compareUnsigned(sequence, acknowledged) <= 0) {
      return Admission.KNOWN;
    }
    if (Long.compareUnsigned(sequence, received) <= 0) {
      return Admission.UNDER_WAY;
    }
    received = sequence;
    Attempt attempt = new Attempt(sequence, line);
    pending.add(attempt);
    inOrder.execute(() -> opening.accept(attempt));
    return Admission.NEW;
  }

  /**
   * @param sequence up to which everything is in Kafka or refused
   * @param refusals of the batches that this settled
   */
  record Advance(long sequence, List<Refusal> refusals) {}

  /** How far it is, with nothing new. */
  synchronized Advance standing() {
    return new Advance(acknowledged, List.of());
  }

  /** Kafka has the batch's events, or there are none. */
  synchronized Advance settled(Attempt attempt, List<Refusal> refusals) {
    attempt.settled = true;
    attempt.refusals.addAll(refusals);
    List<Refusal> advanced = new ArrayList<>();
    while (!pending.isEmpty() && pending.peek().settled) {
      Attempt first = pending.remove();
      acknowledged = first.sequence;
      advanced.addAll(first.refusals);
    }
    return new Advance(acknowledged, advanced);
  }

  /** False when a batch has failed since: this one comes again. */
  synchronized boolean isPending(Attempt attempt) {
    return pending.contains(attempt);
  }

  /**
   * Kafka did not take the batch: it and all that are not acknowledged must come again, after
   * hello.
   *
   * @return false when that was known
   */
  synchronized boolean failed(Attempt attempt) {
    if (!pending.contains(attempt)) {
      return false;
    }
    pending.clear();
    received = acknowledged;
    line = lines.get();
    turn++;
    return true;
  }

  /** The agent says it was acknowledged further than this gateway knows. */
  synchronized void advanceTo(long sequence) {
    if (pending.isEmpty() && Long.compareUnsigned(sequence, acknowledged) > 0) {
      acknowledged = sequence;
      received = sequence;
    }
  }

  synchronized long acknowledged() {
    return acknowledged;
  }
}
