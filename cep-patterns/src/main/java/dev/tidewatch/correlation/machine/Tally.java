package dev.tidewatch.correlation.machine;

import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.Match;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;

/** A window from which nothing leaves before its end: how many, their sum, the newest of them. */
final class Tally extends WindowState {
  /** Events that are kept to be shown. */
  static final int EVENTS = 32;

  private long count;
  private BigDecimal sum = BigDecimal.ZERO;
  private final Events events = new Events();

  /** Events with their members. */
  private static final class Events extends EventRing {
    @Override
    int stride() {
      return BASE + 1;
    }

    @Override
    int memberColumn() {
      return BASE;
    }
  }

  void add(Match match, BigDecimal value) {
    count++;
    sum = sum.add(value);
    events.add(match, EVENTS);
  }

  BigDecimal sum() {
    return sum;
  }

  @Override
  long count() {
    return count;
  }

  @Override
  long firstMicros() {
    return startMicros;
  }

  @Override
  List<EventRef> evidence(int cap) {
    return events.newest(cap);
  }

  @Override
  void clear() {
    super.clear();
    count = 0;
    sum = BigDecimal.ZERO;
    events.clear();
  }

  @Override
  public int format() {
    return CorrelationFormats.TALLY;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    writeTimes(out);
    out.writeLong(count);
    Decimals.write(sum, out);
    events.writeRing(out);
  }

  static Tally read(DataInput in) throws IOException {
    Tally tally = new Tally();
    tally.readTimes(in);
    tally.count = in.readLong();
    tally.sum = Decimals.read(in);
    tally.events.readRing(in);
    return tally;
  }

  @Override
  public long sizeBytes() {
    return 48 + 40 + 24 + events.ringBytes();
  }
}
