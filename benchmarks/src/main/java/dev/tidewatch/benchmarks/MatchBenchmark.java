package dev.tidewatch.benchmarks;

import com.alibaba.fastjson2.JSONReader;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.match.DecodeProbe;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.match.MatchSession;
import dev.tidewatch.sigma.SigmaRule;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Speed of matching recorded events against a rule set, JSON decoding included, with the time of
 * other parsers on the same bytes beside it: {@code tidewatch bench match}.
 *
 * <p>What is compared runs in turns within one process, and each figure is the median of its turns:
 * on a shared machine only ratios within one run say something. Times of one thread are its CPU
 * times, so that waiting for a processor does not count; with more threads it is the clock.
 */
public final class MatchBenchmark {
  private static final int EVENTS = 500_000;
  private static final int TURNS = 7;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private final List<SigmaRule> rules;
  private final IndexedMatcher matcher;
  private final int threads;

  private MatchBenchmark(List<SigmaRule> rules, int threads) {
    this.rules = rules;
    this.matcher = new IndexedMatcher(rules);
    this.threads = threads;
  }

  /** One way through all events; answers something that depends on each. */
  private interface Pass {
    long over(byte[][] events) throws IOException;
  }

  /**
   * @param threads that match at the same time; the parsers beside them always run on one
   */
  public static MatchBenchmark of(List<SigmaRule> rules, int threads) {
    return new MatchBenchmark(rules, threads);
  }

  /**
   * Matches a file's events, NDJSON, again and again, at least 500,000 after as many to warm up.
   *
   * @return {@code rules}, {@code events}, {@code bytes}, {@code matches}, {@code
   *     events_per_second}, {@code decode_ns_per_event}, {@code match_ns_per_event}, {@code
   *     jackson_ns_per_event}, {@code fastjson2_ns_per_event}, {@code ratio_to_jackson}, {@code
   *     heap_mb} and what helps to read them
   */
  public ObjectNode measure(Path file) throws Exception {
    byte[][] events = read(file);
    long bytes = Arrays.stream(events).mapToLong(event -> event.length).sum();
    MatchSession session = matcher.newSession();
    DecodeProbe decoder = new DecodeProbe(rules);
    JsonFactory jackson = new JsonFactory();
    Pass[] passes = {
      all -> matches(session, all),
      all -> decoded(decoder, all),
      all -> tokens(jackson, all),
      MatchBenchmark::fastjson2
    };
    double[][] nanos = new double[passes.length][TURNS];
    int rounds = Math.max(1, EVENTS / TURNS / events.length + 1);
    for (Pass pass : passes) {
      time(pass, events, 2 * rounds);
    }
    for (int turn = 0; turn < TURNS; turn++) {
      for (int i = 0; i < passes.length; i++) {
        nanos[i][turn] = time(passes[i], events, rounds);
      }
    }
    double total = median(nanos[0]);
    double decode = median(nanos[1]);
    double yardstick = median(nanos[2]);
    ObjectNode row = JSON.createObjectNode();
    row.put("file", String.valueOf(file.getFileName()));
    row.put("rules", rules.size());
    row.put("events", events.length);
    row.put("bytes", bytes);
    row.put("matches", matches(session, events));
    row.put("threads", threads);
    row.put("events_per_second", Math.round(threads == 1 ? 1e9 / total : together(events)));
    row.put("total_ns_per_event", Math.round(total));
    row.put("decode_ns_per_event", Math.round(decode));
    row.put("match_ns_per_event", Math.round(total - decode));
    row.put("jackson_ns_per_event", Math.round(yardstick));
    row.put("fastjson2_ns_per_event", Math.round(median(nanos[3])));
    row.put("ratio_to_jackson", Math.round(100 * ratio(nanos[0], nanos[2])) / 100.0);
    row.put("candidates_per_event", Math.round(100 * candidates(session, events)) / 100.0);
    row.put("left_to_reference", session.leftToReference());
    row.put("partitions", matcher.partitionCount());
    row.put("heap_mb", heapMegabytes());
    return row;
  }

  private static byte[][] read(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> !line.isBlank())
        .map(line -> line.getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }

  private static double time(Pass pass, byte[][] events, int rounds) throws IOException {
    long sink = 0;
    long start = CPU.getCurrentThreadCpuTime();
    for (int round = 0; round < rounds; round++) {
      sink += pass.over(events);
    }
    long nanos = CPU.getCurrentThreadCpuTime() - start;
    if (sink == Long.MIN_VALUE) {
      throw new IllegalStateException("a pass counted backwards");
    }
    return (double) nanos / rounds / events.length;
  }

  private static long matches(MatchSession session, byte[][] events) {
    long count = 0;
    for (byte[] event : events) {
      count += session.match(event);
    }
    return count;
  }

  private static double candidates(MatchSession session, byte[][] events) {
    long count = 0;
    for (byte[] event : events) {
      session.match(event);
      count += session.candidates();
    }
    return (double) count / events.length;
  }

  private static long decoded(DecodeProbe decoder, byte[][] events) {
    long count = 0;
    for (byte[] event : events) {
      count += decoder.read(event);
    }
    return count;
  }

  private static long tokens(JsonFactory factory, byte[][] events) throws IOException {
    long count = 0;
    for (byte[] event : events) {
      try (JsonParser parser = factory.createParser(event)) {
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
          count += token.id();
        }
      }
    }
    return count;
  }

  private static long fastjson2(byte[][] events) {
    long count = 0;
    for (byte[] event : events) {
      try (JSONReader reader = JSONReader.of(event)) {
        count += reader.readObject().size();
      }
    }
    return count;
  }

  /** Events per second of all threads together, each over all events. */
  private double together(byte[][] events) throws InterruptedException, ExecutionException {
    int rounds = Math.max(1, EVENTS / events.length + 1);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      run(pool, events, rounds / 2 + 1);
      long start = System.nanoTime();
      run(pool, events, rounds);
      double seconds = (System.nanoTime() - start) / 1e9;
      return (double) threads * rounds * events.length / seconds;
    } finally {
      pool.shutdownNow();
    }
  }

  private void run(ExecutorService pool, byte[][] events, int rounds)
      throws InterruptedException, ExecutionException {
    List<Future<Long>> running = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      running.add(
          pool.submit(
              () -> {
                MatchSession session = matcher.newSession();
                long count = 0;
                for (int round = 0; round < rounds; round++) {
                  count += matches(session, events);
                }
                return count;
              }));
    }
    for (Future<Long> one : running) {
      one.get();
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** The median of the ratios of turns that were next to each other. */
  private static double ratio(double[] some, double[] others) {
    double[] ratios = new double[some.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = some[i] / others[i];
    }
    return median(ratios);
  }

  private static long heapMegabytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }
}
