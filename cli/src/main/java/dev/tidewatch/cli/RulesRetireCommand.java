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

/** {@code tidewatch rules retire}: a rule stops, its versions stay. */
@Command(
    name = "retire",
    description =
        "Stops a rule everywhere and frees its state. It stays retired when `up` starts again;"
            + " deploy it to bring it back.",
    footerHeading = "%nExamples:%n",
    footer = {"  tidewatch rules retire 0b0e3c5e-6d0e-4a43-9b3e-7d1d6a1f2c11 --wait"})
final class RulesRetireCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin ControlClient client;
  @Mixin DeployWait wait;

  @Parameters(paramLabel = "ID", description = "The rule's id.")
  String ruleId;

  @Option(names = "--comment", defaultValue = "", description = "Why, for the history.")
  String comment;

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonNode answer =
        client.post(
            "rules/" + ControlClient.segment(ruleId) + ":retire",
            client.body().put("comment", comment));
    PrintWriter out = spec.commandLine().getOut();
    out.printf("retired  %s%nrevision %d%n", ruleId, answer.path("revision").asLong());
    out.flush();
    return wait.await(client, answer, out);
  }
}
