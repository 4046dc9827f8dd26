package dev.tidewatch.correlation.machine;

import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.MachineStateFormat;
import java.io.DataInput;
import java.io.IOException;

/** How states of correlations are read back; 1 to 99 are theirs. */
public final class CorrelationFormats {
  static final int RECENT_COUNT_OF_ONE = 1;
  static final int RECENT_COUNT_OF_SEVERAL = 2;
  static final int TALLY = 3;
  static final int NUMBERS = 4;
  static final int DISTINCT = 5;
  static final int FIRED_RULES = 6;
  static final int PREFIXES = 7;

  private CorrelationFormats() {}

  /** A format in its first version. */
  private abstract static class First implements MachineStateFormat {
    private final int id;

    First(int id) {
      this.id = id;
    }

    @Override
    public final int id() {
      return id;
    }

    @Override
    public final int version() {
      return 1;
    }

    @Override
    public final MachineState read(DataInput in, int version) throws IOException {
      if (version != 1) {
        throw new IOException("state format " + id + " of version " + version);
      }
      return read(in);
    }

    abstract MachineState read(DataInput in) throws IOException;
  }

  /** {@code event_count} of one rule. */
  public static final class OfOne extends First {
    public OfOne() {
      super(RECENT_COUNT_OF_ONE);
    }

    @Override
    MachineState read(DataInput in) throws IOException {
      RecentCount state = new RecentCount.OfOne();
      state.readRing(in);
      return state;
    }
  }

  /** {@code event_count} of several rules. */
  public static final class OfSeveral extends First {
    public OfSeveral() {
      super(RECENT_COUNT_OF_SEVERAL);
    }

    @Override
    MachineState read(DataInput in) throws IOException {
      RecentCount state = new RecentCount.OfSeveral();
      state.readRing(in);
      return state;
    }
  }

  /** Counts, sums and averages until a window ends. */
  public static final class OfTally extends First {
    public OfTally() {
      super(TALLY);
    }

    @Override
    MachineState read(DataInput in) throws IOException {
      return Tally.read(in);
    }
  }

  /** Numbers of a window. */
  public static final class OfNumbers extends First {
    public OfNumbers() {
      super(NUMBERS);
    }

    @Override
    MachineState read(DataInput in) throws IOException {
      return NumberWindow.read(in);
    }
  }

  /** {@code value_count}. */
  public static final class OfDistinct extends First {
    public OfDistinct() {
      super(DISTINCT);
    }

    @Override
    MachineState read(DataInput in) throws IOException {
      return DistinctValues.read(in);
    }
  }

  /** {@code temporal}. */
  public static final class OfFiredRules extends First {
    public OfFiredRules() {
      super(FIRED_RULES);
    }

    @Override
    MachineState read(DataInput in) throws IOException {
      return FiredRules.read(in);
    }
  }

  /** {@code temporal_ordered}. */
  public static final class OfPrefixes extends First {
    public OfPrefixes() {
      super(PREFIXES);
    }

    @Override
    MachineState read(DataInput in) throws IOException {
      return Prefixes.read(in);
    }
  }
}
