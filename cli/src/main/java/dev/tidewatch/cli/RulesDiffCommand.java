package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewatch rules diff}: what two versions of a rule say otherwise. */
@Command(
    name = "diff",
    description = {
      "Shows how two versions of a rule differ: lines, then fields.",
      "Exit code 0: they are equal; 1: they differ."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch rules diff 6d3c1d5a-7f43-4a53-9a39-0b1a5b1b6a01              the newest two",
      "  tidewatch rules diff 6d3c1d5a-7f43-4a53-9a39-0b1a5b1b6a01 --from 1 --to 4"
    })
final class RulesDiffCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin ControlClient client;

  @Parameters(paramLabel = "ID", description = "The rule's id.")
  String ruleId;

  @Option(
      names = "--from",
      paramLabel = "VERSION",
      defaultValue = "0",
      description = "Default: the one before --to.")
  int from;

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      defaultValue = "0",
      description = "Default: the newest.")
  int to;

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonNode diff =
        client.get(
            "rules/%s/diff?from=%d&to=%d".formatted(ControlClient.segment(ruleId), from, to));
    PrintWriter out = spec.commandLine().getOut();
    out.println("--- " + side(diff.path("from")));
    out.println("+++ " + side(diff.path("to")));
    diff.path("unified").asText().lines().forEach(line -> out.println(Printable.of(line)));
    for (JsonNode field : diff.path("fields")) {
      out.printf(
          "%s: %s -> %s%n",
          Printable.of(field.path("path").asText()), value(field, "before"), value(field, "after"));
    }
    out.flush();
    return diff.path("unified").asText().isEmpty() ? Tidewatch.OK : Tidewatch.NO;
  }

  private static String value(JsonNode field, String side) {
    return field.has(side) ? Printable.of(field.path(side).asText()) : "(none)";
  }

  private static String side(JsonNode version) {
    return "version %d  %s"
        .formatted(version.path("version").asInt(), Printable.of(version.path("author").asText()));
  }
}
