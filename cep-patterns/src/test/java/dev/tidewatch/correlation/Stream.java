package dev.tidewatch.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.remember.BoundedRemember;
import dev.tidewatch.remember.BoundedRemember.FoundEpisode;
import dev.tidewatch.remember.Conditions.Finding;
import dev.tidewatch.remember.MatchedEvent;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Correlations over the rules {@code a}, {@code b}, {@code c}, and what they make of a stream. */
final class Stream {
  private static final String DETECTION =
      """
      title: Rule %1$s
      id: 00000000-0000-4000-8000-00000000000%1$s
      name: %1$s
      level: low
      logsource: {product: windows}
      detection:
          selection: {EventID: 1}
          condition: selection
      ---
      """;

  private final BoundedRemember remember;
  private final List<String> found = new ArrayList<>();
  private int events;

  Stream(String... correlations) {
    Compilation compilation = compile(correlations);
    assertThat(compilation.diagnostics()).filteredOn(Diagnostic::isError).isEmpty();
    remember = new BoundedRemember(compilation.stateful());
  }

  static Compilation compile(String... correlations) {
    String detections =
        DETECTION.formatted("a") + DETECTION.formatted("b") + DETECTION.formatted("c");
    return new SigmaCompiler()
        .compile(List.of(new RuleSource("r.yml", detections + String.join("---\n", correlations))));
  }

  /** A correlation named {@code name}; {@code body} is what stands under {@code correlation:}. */
  static String correlation(String name, String body) {
    return """
        title: Correlation %1$s
        id: 10000000-0000-4000-8000-0000000000%2$02d
        name: %1$s
        level: high
        correlation:
        """
            .formatted(name, Math.floorMod(name.hashCode(), 100))
        + body.indent(4);
  }

  /** The detection rules {@code names} (letters) fire on one event {@code seconds} after zero. */
  Stream fire(String names, double seconds, String fields) {
    events++;
    byte[] payload = ("{" + fields + "}").getBytes(StandardCharsets.UTF_8);
    try {
      long micros = Math.round(seconds * 1_000_000);
      MatchedEvent event = new MatchedEvent("t", EventDocument.parse(payload), micros, 0, events);
      for (char name : names.toCharArray()) {
        remember.fired("00000000-0000-4000-8000-00000000000" + name, event);
      }
    } catch (MalformedEventException e) {
      throw new IllegalStateException(e);
    }
    return this;
  }

  Stream fire(String names, double... seconds) {
    for (double second : seconds) {
      fire(names, second, "\"G\":\"g\"");
    }
    return this;
  }

  BoundedRemember remember() {
    return remember;
  }

  /** Episodes as {@code name opened-last count}, in seconds. */
  List<String> episodes() {
    for (FoundEpisode each : remember.finish()) {
      found.add(
          "%s %s-%s %d"
              .formatted(
                  each.rule().head().name(),
                  seconds(each.episode().openMicros()),
                  seconds(each.episode().lastMicros()),
                  each.episode().count()));
    }
    return found;
  }

  List<List<Finding>> findings() {
    return remember.finish().stream().map(each -> each.episode().findings()).toList();
  }

  private static String seconds(long micros) {
    double seconds = micros / 1e6;
    return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
  }
}
