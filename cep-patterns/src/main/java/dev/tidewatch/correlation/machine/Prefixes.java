package dev.tidewatch.correlation.machine;

import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.Match;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * For each prefix of the rules the chain of events, one for each of its rules in their order, that
 * began last.
 */
final class Prefixes extends WindowState {
  private static final int COLUMNS = 3;

  private final int rules;

  /** Time and event id of each event, chain after chain; as long as the longest so far needs. */
  private long[] chains = {};

  /** Bit {@code i} is set when there is a chain of {@code i + 1} events. */
  private long present;

  Prefixes(int rules) {
    this.rules = rules;
  }

  /** Offset of the chain that ends with a member. */
  private static int chain(int member) {
    return member * (member + 1) / 2 * COLUMNS;
  }

  private boolean has(int member) {
    return (present >>> member & 1) != 0;
  }

  /** Goes on with the newest chain of the rules before, if there is one. */
  void add(Match match) {
    int member = match.member();
    if (member > 0 && !has(member - 1)) {
      return;
    }
    if (chains.length < chain(member + 1)) {
      chains = Arrays.copyOf(chains, chain(member + 1));
    }
    if (member > 0) {
      System.arraycopy(chains, chain(member - 1), chains, chain(member), member * COLUMNS);
    }
    int at = chain(member) + member * COLUMNS;
    chains[at] = match.timeMicros();
    chains[at + 1] = match.eventIdHigh();
    chains[at + 2] = match.eventIdLow();
    present |= 1L << member;
  }

  void slide(long fromMicros) {
    for (long left = present; left != 0; left &= left - 1) {
      int member = Long.numberOfTrailingZeros(left);
      if (chains[chain(member)] < fromMicros) {
        present &= ~(1L << member);
      }
    }
  }

  boolean isComplete() {
    return has(rules - 1);
  }

  @Override
  long count() {
    return rules;
  }

  @Override
  long firstMicros() {
    return chains[chain(rules - 1)];
  }

  @Override
  List<EventRef> evidence(int cap) {
    List<EventRef> refs = new ArrayList<>();
    for (int member = Math.max(0, rules - cap); member < rules; member++) {
      int at = chain(rules - 1) + member * COLUMNS;
      refs.add(new EventRef(chains[at], chains[at + 1], chains[at + 2], member));
    }
    return refs;
  }

  @Override
  void clear() {
    super.clear();
    present = 0;
  }

  @Override
  public int format() {
    return CorrelationFormats.PREFIXES;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    writeTimes(out);
    out.writeByte(rules);
    out.writeLong(present);
    for (long left = present; left != 0; left &= left - 1) {
      int member = Long.numberOfTrailingZeros(left);
      for (int at = chain(member); at < chain(member + 1); at++) {
        out.writeLong(chains[at]);
      }
    }
  }

  static Prefixes read(DataInput in) throws IOException {
    long start = in.readLong();
    long last = in.readLong();
    Prefixes prefixes = new Prefixes(in.readByte());
    prefixes.startMicros = start;
    prefixes.lastMicros = last;
    prefixes.present = in.readLong();
    prefixes.chains = new long[chain(64 - Long.numberOfLeadingZeros(prefixes.present))];
    for (long left = prefixes.present; left != 0; left &= left - 1) {
      int member = Long.numberOfTrailingZeros(left);
      for (int at = chain(member); at < chain(member + 1); at++) {
        prefixes.chains[at] = in.readLong();
      }
    }
    return prefixes;
  }

  @Override
  public long sizeBytes() {
    return 48 + 16 + 8L * chains.length;
  }
}
