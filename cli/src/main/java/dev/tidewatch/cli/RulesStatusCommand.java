package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewatch rules status}: what runs, where, and what it does. */
@Command(
    name = "status",
    description = "Shows which versions run on how many subtasks, and what they count.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch rules status",
      "  tidewatch rules status --all --format json | jq '.rules[] | select(.errors != \"0\")'"
    })
final class RulesStatusCommand implements Callable<Integer> {
  /** How the status is printed. */
  enum Format {
    TABLE,
    JSON
  }

  private static final int TITLE_WIDTH = 44;

  @Spec CommandSpec spec;
  @Mixin ControlClient client;

  @Parameters(arity = "0..1", paramLabel = "ID", description = "Only this rule.")
  String ruleId = "";

  @Option(
      names = "--all",
      description =
          "In the table also rules of the directory that have matched nothing, and retired ones.")
  boolean all;

  @Option(names = "--format", defaultValue = "table", description = "table (default) or json.")
  Format format;

  @Override
  public Integer call() throws IOException, InterruptedException {
    String path = ruleId.isEmpty() ? "rulestatus" : "rulestatus/" + ControlClient.segment(ruleId);
    JsonNode status = client.get(path);
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.JSON) {
      out.println(status.toPrettyString());
    } else {
      table(status, out);
    }
    out.flush();
    return Tidewatch.OK;
  }

  private void table(JsonNode status, PrintWriter out) {
    List<JsonNode> shown = new ArrayList<>();
    status.path("rules").forEach(rule -> add(rule, shown));
    out.printf(
        "%-44s %-8s %-18s %-7s %9s %9s %11s %7s  %s%n",
        "TITLE", "VERSION", "STAGE", "ACTIVE", "MATCHES", "ALERTS", "COST", "ERRORS", "ID");
    shown.forEach(rule -> row(rule, out));
    int hidden = status.path("rules").size() - shown.size();
    if (hidden > 0) {
      out.printf(Locale.ROOT, "and %,d more, see --all%n", hidden);
    }
    out.printf(
        Locale.ROOT,
        "%nRevision %d, active on %d of %d subtasks%n",
        status.path("revision").asLong(),
        status.path("active").asLong(),
        status.path("subtasks").asLong());
    if (status.path("waitsForKafka").asBoolean()) {
      out.printf(
          "Kafka has revision %d; it is told of newer ones as soon as it answers%n",
          status.path("publishedRevision").asLong());
    }
    if (!status.path("refusal").asText().isEmpty()) {
      out.printf(
          "Revision %d was refused: %s%n",
          status.path("refusedRevision").asLong(), Printable.of(status.path("refusal").asText()));
    }
  }

  private void add(JsonNode rule, List<JsonNode> shown) {
    boolean retired = rule.path("stage").asText().endsWith("RETIRED");
    boolean byHand = rule.path("origin").asText().endsWith("HAND");
    boolean news =
        byHand || rule.path("matches").asLong() > 0 || !rule.path("fault").asText().isEmpty();
    if (all || !ruleId.isEmpty() || (news && !retired)) {
      shown.add(rule);
    }
  }

  private static void row(JsonNode rule, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%-44s %-8d %-18s %-7s %,9d %,9d %11s %,7d  %s%n",
        Printable.cut(Printable.of(rule.path("title").asText()), TITLE_WIDTH),
        rule.path("version").asInt(),
        stage(rule),
        rule.path("active").asInt() + "/" + rule.path("subtasks").asInt(),
        rule.path("matches").asLong(),
        rule.path("alerts").asLong(),
        cost(rule.path("nanos").asLong()),
        rule.path("errors").asLong(),
        Printable.of(rule.path("ruleId").asText()));
    if (!rule.path("fault").asText().isEmpty()) {
      out.println("    " + Printable.of(rule.path("fault").asText()));
    }
  }

  private static String stage(JsonNode rule) {
    String stage = rule.path("stage").asText().replace("RULE_STAGE_", "");
    int tenants = rule.path("tenants").size();
    String whose =
        tenants == 0 ? "" : tenants == 1 ? " (" + only(rule) + ")" : " (" + tenants + " tenants)";
    return stage.toLowerCase(Locale.ROOT) + whose;
  }

  private static String only(JsonNode rule) {
    return Printable.of(rule.path("tenants").path(0).asText());
  }

  private static String cost(long nanos) {
    return String.format(Locale.ROOT, "%,.1f ms", nanos / 1e6);
  }
}
