package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.RuleSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewatch rules deploy}: rule files into the running pipeline. */
@Command(
    name = "deploy",
    description = {
      "Deploys rules, correlations and patterns into the running pipeline, without stopping it.",
      "All or nothing: when a file has an error, nothing is deployed."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch rules deploy brute-force.yml --wait",
      "  tidewatch rules deploy my-rules/ --stage shadow    alerts are marked, no incidents",
      "  tidewatch rules deploy rule.yml --tenant acme      for one tenant first"
    })
final class RulesDeployCommand implements Callable<Integer> {
  /** Stages that a rule can be deployed in. */
  enum Stage {
    DRAFT,
    SHADOW,
    LIVE
  }

  @Spec CommandSpec spec;
  @Mixin ControlClient client;
  @Mixin DeployWait wait;

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Rule files or directories.")
  List<Path> paths;

  @Option(
      names = "--stage",
      defaultValue = "live",
      description = "draft (kept, does not run), shadow (alerts are marked) or live (default).")
  Stage stage;

  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      description = "Only for this tenant; may be given again. Default: all tenants.")
  List<String> tenants = new ArrayList<>();

  @Option(
      names = "--if-revision",
      paramLabel = "N",
      defaultValue = "0",
      description = "Only if this revision is in force; another deploy in between is a conflict.")
  long expected;

  @Option(names = "--comment", defaultValue = "", description = "Why, for the history.")
  String comment;

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new CommandFailedException(Tidewatch.USAGE, path + ": no such file or directory");
      }
    }
    JsonNode answer = client.post("rules:deploy", request(RuleDirectory.read(paths)));
    PrintWriter out = spec.commandLine().getOut();
    RuleUpload.findings(answer, out);
    if (answer.path("revision").asLong() == 0) {
      out.println("Nothing was deployed.");
      out.flush();
      return Tidewatch.NO;
    }
    DeployWait.print(answer, out);
    return wait.await(client, answer, out);
  }

  private ObjectNode request(List<RuleSource> sources) {
    ObjectNode body = client.body();
    RuleUpload.put(sources, paths, body);
    body.put("stage", "RULE_STAGE_" + stage)
        .put("expectedRevision", expected)
        .put("comment", comment);
    ArrayNode only = body.putArray("tenants");
    tenants.forEach(only::add);
    return body;
  }
}
