package dev.tidewatch.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.match.IndexedMatcher;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Time and memory that rule directories take to compile: {@code java … CompileBenchmark DIR…}.
 * Files are read once, before. One line of JSON: medians of the rounds after as many to warm up.
 */
public final class CompileBenchmark {
  private static final int ROUNDS = 5;
  private static final int COLLECTIONS = 2;

  private CompileBenchmark() {}

  public static void main(String[] directories) {
    ObjectNode row = new ObjectMapper().createObjectNode();
    long empty = heapAfterCollection();
    List<RuleSource> sources = RuleDirectory.read(Stream.of(directories).map(Path::of).toList());
    long read = heapAfterCollection();
    row.put("files", sources.size());
    row.put("sources_mb", mebibytes(read - empty));
    times(sources, row);
    memory(sources, read, row);
    row.put("heap_limit_mb", mebibytes(Runtime.getRuntime().maxMemory()));
    row.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    System.out.println(row);
  }

  private static void times(List<RuleSource> sources, ObjectNode row) {
    for (int i = 0; i < ROUNDS; i++) {
      new IndexedMatcher(compile(sources).rules());
    }
    double[] wall = new double[ROUNDS];
    double[] cpu = new double[ROUNDS];
    double[] index = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long started = System.nanoTime();
      long startedCpu = cpuNanos();
      Compilation compilation = compile(sources);
      long compiledCpu = cpuNanos();
      wall[i] = (System.nanoTime() - started) / 1e6;
      cpu[i] = (compiledCpu - startedCpu) / 1e6;
      new IndexedMatcher(compilation.rules());
      index[i] = (cpuNanos() - compiledCpu) / 1e6;
    }
    row.put("compile_ms", Math.round(median(wall)));
    row.put("slowest_compile_ms", Math.round(wall[ROUNDS - 1]));
    row.put("compile_cpu_ms", Math.round(median(cpu)));
    row.put("index_cpu_ms", Math.round(median(index)));
  }

  /**
   * @param before bytes in use when the files were read
   */
  private static void memory(List<RuleSource> sources, long before, ObjectNode row) {
    Compilation compilation = compile(sources);
    long compiled = heapAfterCollection();
    IndexedMatcher matcher = new IndexedMatcher(compilation.rules());
    long indexed = heapAfterCollection();
    row.put("rules", matcher.rules().size());
    row.put("refused", compilation.refused());
    row.put("compiled_mb", mebibytes(compiled - before));
    row.put("index_mb", mebibytes(indexed - compiled));
  }

  private static Compilation compile(List<RuleSource> sources) {
    return new SigmaCompiler().compile(sources);
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** Bytes in use after full collections. */
  private static long heapAfterCollection() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Sorts, so that the last is the largest. */
  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static double mebibytes(long bytes) {
    return Math.round(10.0 * bytes / (1 << 20)) / 10.0;
  }
}
