package dev.tidewatch.benchmarks;

import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.match.MatchSession;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.SigmaCompiler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One event after another against a rule set, under JMH: with {@code -prof gc} it shows what an
 * event that fires no rule allocates. Events that fire one are left out.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 3, time = 3)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx1g", "-XX:+UseParallelGC"})
public class MatcherJmh {
  /** A directory of Sigma rules. */
  @Param("")
  String rules;

  /** An NDJSON file. */
  @Param("")
  String events;

  private MatchSession session;
  private byte[][] payloads;
  private int next;

  /** JMH makes the object; {@link #setUp} fills it. */
  @SuppressWarnings("NullAway.Init")
  public MatcherJmh() {}

  @Setup
  public void setUp() throws IOException {
    if (rules.isEmpty() || events.isEmpty()) {
      throw new IllegalArgumentException("say -p rules=DIRECTORY -p events=FILE.ndjson");
    }
    IndexedMatcher matcher =
        new IndexedMatcher(
            new SigmaCompiler().compile(RuleDirectory.read(List.of(Path.of(rules)))).rules());
    session = matcher.newSession();
    byte[][] all =
        Files.readAllLines(Path.of(events)).stream()
            .filter(line -> !line.isBlank())
            .map(line -> line.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    payloads = Arrays.stream(all).filter(event -> session.match(event) == 0).toArray(byte[][]::new);
  }

  /** One event that fires no rule. */
  @Benchmark
  public int match() {
    int at = next;
    next = at + 1 == payloads.length ? 0 : at + 1;
    return session.match(payloads[at]);
  }
}
