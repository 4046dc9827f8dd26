package dev.tidewatch.benchmarks;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Arguments of {@link EndToEndBenchmark}.
 *
 * @param corpus directory with NDJSON files
 * @param files which of them, as a glob
 * @param rules directory with Sigma rules
 * @param parallelism slots of the job, and partitions
 * @param events events of the throughput run; 0 leaves it out
 * @param rate events per second of the latency run
 * @param seconds its length; 0 leaves it out
 */
record EndToEndArguments(
    Path corpus, String files, Path rules, int parallelism, int events, int rate, int seconds) {
  private static final Set<String> NAMES =
      Set.of("corpus", "files", "rules", "parallelism", "events", "rate", "seconds");

  static EndToEndArguments parse(String[] args) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      String name = args[i].replaceFirst("^--", "");
      if (!NAMES.contains(name) || i + 1 == args.length) {
        throw new IllegalArgumentException(
            args[i] + " is not one of --" + String.join(", --", NAMES));
      }
      given.put(name, args[i + 1]);
    }
    return new EndToEndArguments(
        Path.of(given.getOrDefault("corpus", "../shared/corpus/events")),
        given.getOrDefault("files", "*.ndjson"),
        Path.of(given.getOrDefault("rules", "cep-patterns/rules")),
        Integer.parseInt(given.getOrDefault("parallelism", "1")),
        Integer.parseInt(given.getOrDefault("events", "500000")),
        Integer.parseInt(given.getOrDefault("rate", "2000")),
        Integer.parseInt(given.getOrDefault("seconds", "60")));
  }
}
