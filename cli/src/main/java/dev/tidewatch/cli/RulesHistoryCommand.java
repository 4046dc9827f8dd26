package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewatch rules history}: who did what to a rule, and why. */
@Command(
    name = "history",
    description = "Shows what was done to a rule, newest first: versions, stages, tenants.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch rules history 6d3c1d5a-7f43-4a53-9a39-0b1a5b1b6a01",
      "  tidewatch rules history 6d3c1d5a-7f43-4a53-9a39-0b1a5b1b6a01 --limit 1000 --format json"
    })
final class RulesHistoryCommand implements Callable<Integer> {
  /** How it is printed. */
  enum Format {
    TEXT,
    JSON
  }

  @Spec CommandSpec spec;
  @Mixin ControlClient client;

  @Parameters(paramLabel = "ID", description = "The rule's id.")
  String ruleId;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "At most so many, 1 to 1000. Default: ${DEFAULT-VALUE}.")
  int limit;

  @Option(names = "--format", defaultValue = "text", description = "text (default) or json.")
  Format format;

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonNode answer =
        client.get(
            "rules/" + ControlClient.segment(ruleId) + "/history?pageSize=" + Math.max(1, limit));
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.JSON) {
      out.println(answer.toPrettyString());
    } else {
      answer.path("events").forEach(event -> print(event, out));
    }
    out.flush();
    return answer.path("events").isEmpty() ? Tidewatch.NO : Tidewatch.OK;
  }

  private static void print(JsonNode event, PrintWriter out) {
    int version = event.path("version").asInt();
    out.printf(
        Locale.ROOT,
        "%s  revision %-5d %-12s %-10s %s  %s%s%n",
        Instant.ofEpochMilli(event.path("timeMs").asLong()),
        event.path("revision").asLong(),
        Printable.of(event.path("action").asText()).replace('_', ' '),
        version == 0 ? "" : "version " + version,
        places(event.path("after")),
        Printable.of(event.path("author").asText()),
        event.path("waitsForKafka").asBoolean() ? "  (waits for Kafka)" : "");
    if (!event.path("comment").asText().isEmpty()) {
      out.println("    " + Printable.of(event.path("comment").asText()));
    }
  }

  /** {@code 2 live, 3 shadow (acme)}. */
  private static String places(JsonNode places) {
    return StreamSupport.stream(places.spliterator(), false)
        .map(RulesHistoryCommand::place)
        .collect(Collectors.joining(", "));
  }

  private static String place(JsonNode place) {
    String stage = place.path("stage").asText().replace("RULE_STAGE_", "").toLowerCase(Locale.ROOT);
    int tenants = place.path("tenants").size();
    String whose =
        tenants == 0
            ? ""
            : tenants == 1
                ? " (" + Printable.of(place.path("tenants").path(0).asText()) + ")"
                : " (" + tenants + " tenants)";
    return place.path("version").asInt() + " " + stage + whose;
  }
}
