package dev.tidewatch.cli;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A pace.
 *
 * @param perSecond events per second; {@code POSITIVE_INFINITY} does not wait
 */
record Rate(double perSecond) {
  static final Rate UNLIMITED = new Rate(Double.POSITIVE_INFINITY);

  /** Waits until event {@code index} (0-based) is due, counted from {@code startNanos}. */
  void await(long startNanos, long index) {
    long due = startNanos + (long) (index / perSecond * TimeUnit.SECONDS.toNanos(1));
    for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
      LockSupport.parkNanos(wait);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }

  /** Reads {@code 2000/s}, {@code 2000}, {@code 120/m}. */
  static final class Converter implements ITypeConverter<Rate> {
    private static final Pattern RATE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(?:/(s|m))?");

    @Override
    public Rate convert(String text) {
      Matcher rate = RATE.matcher(text);
      if (!rate.matches() || Double.parseDouble(rate.group(1)) <= 0) {
        throw new TypeConversionException("'" + text + "' is not a rate; write for example 2000/s");
      }
      double count = Double.parseDouble(rate.group(1));
      return new Rate("m".equals(rate.group(2)) ? count / 60 : count);
    }
  }
}
