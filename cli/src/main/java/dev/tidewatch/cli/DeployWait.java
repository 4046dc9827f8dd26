package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** What a change of rules answered, and waiting until every subtask runs it. */
final class DeployWait {
  private static final long PATIENCE_SECONDS = 60;
  private static final long POLL_MILLIS = 50;

  @Option(names = "--wait", description = "Return when every subtask runs it, or say why not.")
  boolean wait;

  static void print(JsonNode answer, PrintWriter out) {
    for (JsonNode rule : answer.path("rules")) {
      out.printf(
          "%s  %s version %d%n",
          rule.path("changed").asBoolean() ? "deployed " : "unchanged",
          Printable.of(rule.path("ruleId").asText() + " " + rule.path("title").asText()).strip(),
          rule.path("version").asInt());
    }
    out.printf("revision %d%n", answer.path("revision").asLong());
    printWaiting(answer.path("waitsForKafka").asBoolean(), out);
    out.flush();
  }

  /** Says that what was asked for is kept, and in force later. */
  static void printWaiting(boolean waits, PrintWriter out) {
    if (waits) {
      out.println("Recorded; Kafka does not answer and is told as soon as it does");
    }
  }

  /** Exit code: 1 when the revision was refused or is not active in time. */
  int await(ControlClient client, JsonNode answer, PrintWriter out)
      throws IOException, InterruptedException {
    if (!wait) {
      return Tidewatch.OK;
    }
    long revision = answer.path("revision").asLong();
    String ruleId = answer.path("rules").path(0).path("ruleId").asText();
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
      JsonNode status = client.get("rulestatus/" + ControlClient.segment(ruleId));
      long subtasks = status.path("subtasks").asLong();
      if (status.path("revision").asLong() >= revision
          && subtasks > 0
          && status.path("active").asLong() == subtasks) {
        out.printf(
            Locale.ROOT,
            "active on %d of %d subtasks after %.2f s%n",
            subtasks,
            subtasks,
            (System.nanoTime() - start) / 1e9);
        out.flush();
        return Tidewatch.OK;
      }
      if (status.path("refusedRevision").asLong() == revision) {
        out.println("refused by the job: " + Printable.of(status.path("refusal").asText()));
        out.flush();
        return Tidewatch.NO;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    out.printf("not active on every subtask after %d s%n", PATIENCE_SECONDS);
    out.flush();
    return Tidewatch.NO;
  }
}
