package dev.tidewatch.correlation.machine;

import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.MachineState;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** The newest matches of a group: what {@link RecentCountMachine} remembers. */
abstract class RecentCount extends EventRing implements MachineState, Conditions.Window {
  /** Of matches of a single rule, which need not say whose they are. */
  static final class OfOne extends RecentCount {
    @Override
    int stride() {
      return BASE;
    }

    @Override
    int memberColumn() {
      return -1;
    }

    @Override
    public int format() {
      return CorrelationFormats.RECENT_COUNT_OF_ONE;
    }
  }

  /** Of matches of several rules. */
  static final class OfSeveral extends RecentCount {
    @Override
    int stride() {
      return BASE + 1;
    }

    @Override
    int memberColumn() {
      return BASE;
    }

    @Override
    public int format() {
      return CorrelationFormats.RECENT_COUNT_OF_SEVERAL;
    }
  }

  @Override
  public long count() {
    return size();
  }

  @Override
  public long firstMicros() {
    return time(0);
  }

  @Override
  public List<EventRef> evidence(int cap) {
    return newest(cap);
  }

  @Override
  public void write(DataOutput out) throws IOException {
    writeRing(out);
  }

  @Override
  public long sizeBytes() {
    return 24 + ringBytes();
  }
}
