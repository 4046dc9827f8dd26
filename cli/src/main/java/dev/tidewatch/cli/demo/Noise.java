package dev.tidewatch.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Background events: a few hundred lines, played again and again. Each time a line is played it
 * comes from the next host of its pool, with new process numbers, ports and ids, and at another
 * moment of the period. The same in every run.
 */
final class Noise {
  static final long PERIOD_MILLIS = 30_000;

  /**
   * Shifts every line by this much from one pass to the next; prime, so that the order changes as
   * well.
   */
  private static final long DRIFT_MILLIS = 7_919;

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private final List<ScenarioLine> lines;
  private final Map<String, List<NoiseHost>> pools;

  Noise(List<ScenarioLine> lines, List<NoiseHost> hosts) {
    this.lines = lines;
    pools = hosts.stream().collect(Collectors.groupingBy(NoiseHost::pool));
  }

  /** All events from the start until {@code lengthMillis}. */
  List<TimedEvent> until(long lengthMillis) {
    List<TimedEvent> events = new ArrayList<>();
    for (int pass = 0; pass * PERIOD_MILLIS < lengthMillis; pass++) {
      for (int i = 0; i < lines.size(); i++) {
        TimedEvent event = play(lines.get(i), i, pass);
        if (event.atMillis() < lengthMillis) {
          events.add(event);
        }
      }
    }
    return events;
  }

  private TimedEvent play(ScenarioLine line, int number, int pass) {
    long inPeriod = (line.atMillis() + pass * DRIFT_MILLIS) % PERIOD_MILLIS;
    Map<String, JsonNode> values = new HashMap<>();
    if (!line.pool().isEmpty()) {
      addHost(host(line.pool(), number + pass), values);
    }
    SplittableRandom random = new SplittableRandom(1_000_003L * pass + number);
    JsonNode filled = new Placeholders(makers(random), values).fill(line.wrapped());
    return line.withWrapped(filled).at(pass * PERIOD_MILLIS + inPeriod);
  }

  private NoiseHost host(String pool, int turn) {
    List<NoiseHost> hosts = pools.get(pool);
    if (hosts == null) {
      throw new IllegalArgumentException("noise.ndjson: hosts.tsv has no pool " + pool);
    }
    return hosts.get(turn % hosts.size());
  }

  private static void addHost(NoiseHost host, Map<String, JsonNode> values) {
    values.put("host", TextNode.valueOf(host.name()));
    values.put("host:short", TextNode.valueOf(host.shortName()));
    values.put("host:ip", TextNode.valueOf(host.ip()));
    values.put("user", TextNode.valueOf(host.user()));
  }

  private static Map<String, Supplier<JsonNode>> makers(SplittableRandom random) {
    return Map.of(
        "pid", () -> IntNode.valueOf(4 * random.nextInt(300, 8_000)),
        "ppid", () -> IntNode.valueOf(4 * random.nextInt(300, 8_000)),
        "port", () -> IntNode.valueOf(random.nextInt(49_152, 65_536)),
        "serial", () -> IntNode.valueOf(random.nextInt(100_000, 999_999)),
        "bytes", () -> IntNode.valueOf(random.nextInt(400, 60_000)),
        "uid", () -> TextNode.valueOf("C" + letters(random, 17)),
        "uuid", () -> TextNode.valueOf(new UUID(random.nextLong(), random.nextLong()).toString()));
  }

  private static String letters(SplittableRandom random, int length) {
    StringBuilder letters = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      letters.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return letters.toString();
  }
}
