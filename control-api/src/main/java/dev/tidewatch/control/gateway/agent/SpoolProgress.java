package dev.tidewatch.control.gateway.agent;

import com.google.protobuf.ByteString;
import dev.tidewatch.ingest.v1.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * How far one spool of an agent has come: what was received, what Kafka has. It outlives streams,
 * so that an agent that comes back while its batches are still on their way to Kafka does not send
 * them twice.
 *
 * <p>Batches are admitted in the order of their numbers and settle in any order; the acknowledged
 * number is that of the last batch before which all have settled. When one fails, everything behind
 * it is forgotten, so that the agent may send it again.
 */
final class SpoolProgress {
  private final String agentId;
  private final ByteString spoolId;
  private final Deque<Entry> pending = new ArrayDeque<>();
  private long received;
  private long acknowledged;

  private static final class Entry {
    private final long sequence;
    private final List<Refusal> refusals = new ArrayList<>();
    private boolean settled;

    Entry(long sequence) {
      this.sequence = sequence;
    }
  }

  /**
   * @param acknowledged what is known to be in Kafka: the agent's own word, for a spool that this
   *     gateway has not seen
   */
  SpoolProgress(String agentId, ByteString spoolId, long acknowledged) {
    this.agentId = agentId;
    this.spoolId = spoolId;
    this.acknowledged = acknowledged;
    this.received = acknowledged;
  }

  String agentId() {
    return agentId;
  }

  ByteString spoolId() {
    return spoolId;
  }

  /** What to make of a batch. */
  enum Admission {
    NEW,
    /** On its way to Kafka already; its acknowledgement follows. */
    UNDER_WAY,
    /** In Kafka already. */
    KNOWN
  }

  synchronized Admission admit(long sequence) {
    if (Long.compareUnsigned(sequence, acknowledged) <= 0) {
      return Admission.KNOWN;
    }
    if (Long.compareUnsigned(sequence, received) <= 0) {
      return Admission.UNDER_WAY;
    }
    received = sequence;
    pending.add(new Entry(sequence));
    return Admission.NEW;
  }

  /**
   * @param sequence up to which everything is in Kafka or refused
   * @param refusals of the batches that this settled
   */
  record Advance(long sequence, List<Refusal> refusals) {}

  /** Kafka has the batch's events, or there are none. */
  synchronized Advance settled(long sequence, List<Refusal> refusals) {
    for (Entry entry : pending) {
      if (entry.sequence == sequence) {
        entry.settled = true;
        entry.refusals.addAll(refusals);
      }
    }
    List<Refusal> advanced = new ArrayList<>();
    while (!pending.isEmpty() && pending.peek().settled) {
      Entry entry = pending.remove();
      acknowledged = entry.sequence;
      advanced.addAll(entry.refusals);
    }
    return new Advance(acknowledged, advanced);
  }

  /** False when an earlier batch has failed since: this one comes again behind it. */
  synchronized boolean isPending(long sequence) {
    return pending.stream().anyMatch(entry -> entry.sequence == sequence);
  }

  /** Kafka did not take the batch: it and all behind it must come again. */
  synchronized void failed(long sequence) {
    if (pending.removeIf(entry -> Long.compareUnsigned(entry.sequence, sequence) >= 0)) {
      received = pending.isEmpty() ? acknowledged : pending.getLast().sequence;
    }
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
