package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewatch rules rollback}: an older version of a rule, for all tenants. */
@Command(
    name = "rollback",
    description = "Runs an older version of a rule, in the stage in which the newer one ran.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch rules rollback 0b0e3c5e-6d0e-4a43-9b3e-7d1d6a1f2c11 --wait",
      "  tidewatch rules rollback 0b0e3c5e-6d0e-4a43-9b3e-7d1d6a1f2c11 --to 3"
    })
final class RulesRollbackCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin ControlClient client;
  @Mixin DeployWait wait;

  @Parameters(paramLabel = "ID", description = "The rule's id.")
  String ruleId;

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      defaultValue = "0",
      description = "Default: the newest version below the one that runs.")
  int version;

  @Option(names = "--comment", defaultValue = "", description = "Why, for the history.")
  String comment;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ObjectNode body = client.body().put("version", version).put("comment", comment);
    JsonNode answer = client.post("rules/" + ControlClient.segment(ruleId) + ":rollback", body);
    PrintWriter out = spec.commandLine().getOut();
    DeployWait.print(answer, out);
    return wait.await(client, answer, out);
  }
}
