package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewatch respond}: a signed command to an agent. */
@Command(
    name = "respond",
    description = {
      "Sends a signed command to an agent and waits for the result.",
      "Without arguments: the agents."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch respond",
      "  tidewatch respond AGENT kill-process 4711 --dry-run",
      "  tidewatch respond AGENT quarantine-file /tmp/evil --reason CASE-7",
      "  tidewatch respond AGENT restore-file QUARANTINE_ID",
      "  tidewatch respond AGENT isolate-network 10.0.0.0/8",
      "  tidewatch respond AGENT release-network",
      "  tidewatch respond AGENT collect-path /var/log/auth.log",
      "  tidewatch respond AGENT run-osquery \"SELECT * FROM users\"",
      "  tidewatch respond AGENT change-configuration 2 agent.properties",
      "  tidewatch respond AGENT revoke \"laptop lost\""
    })
final class RespondCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Parameters(arity = "0..1", index = "0", paramLabel = "AGENT", description = "Agent id.")
  String agent = "";

  @Parameters(arity = "0..1", index = "1", paramLabel = "ACTION", description = "See below.")
  String action = "";

  @Parameters(arity = "0..*", index = "2..*", paramLabel = "ARGUMENT")
  List<String> arguments = new ArrayList<>();

  @Option(names = "--dry-run", description = "The agent says what it would do, and does nothing.")
  boolean dryRun;

  @Option(names = "--reason", defaultValue = "", paramLabel = "TEXT", description = "For the log.")
  String reason = "";

  @Option(
      names = "--wait",
      defaultValue = "10",
      paramLabel = "SECONDS",
      description = "For the result. Default: ${DEFAULT-VALUE}.")
  int waitSeconds;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = {
        "The directory of a gateway on this machine that runs alone, without a control database.",
        "Default: agents of the control API."
      })
  @Nullable Path directory;

  @Mixin ControlClient api;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Path alone = directory;
    if (alone == null) {
      return withControlApi(new AgentsClient(api), out);
    }
    return withGateway(GatewayAdmin.find(alone), out);
  }

  private int withControlApi(AgentsClient agents, PrintWriter out)
      throws IOException, InterruptedException {
    if (agent.isEmpty()) {
      out.println(agents.list().toPrettyString());
      return Tidewatch.OK;
    }
    if (action.equals("revoke")) {
      var unused = agents.revoke(agent, argument());
      out.println("Revoked.");
      return Tidewatch.OK;
    }
    JsonNode answer = agents.send(agent, command(), Duration.ofSeconds(waitSeconds));
    out.println(answer.toPrettyString());
    return isSuccess(answer);
  }

  private int withGateway(GatewayAdmin gateway, PrintWriter out)
      throws IOException, InterruptedException {
    if (agent.isEmpty()) {
      out.println(gateway.ask("agents", "").toPrettyString());
      return Tidewatch.OK;
    }
    if (action.equals("revoke")) {
      var unused =
          gateway.ask("agents/" + agent + "/revoke", object().put("reason", argument()).toString());
      out.println("Revoked.");
      return Tidewatch.OK;
    }
    ObjectNode request = object().put("wait_seconds", waitSeconds);
    request.set("command", command().put("issuedBy", System.getProperty("user.name", "unknown")));
    JsonNode answer = gateway.ask("agents/" + agent + "/commands", request.toString());
    out.println(answer.toPrettyString());
    return isSuccess(answer);
  }

  private static int isSuccess(JsonNode answer) {
    String status = answer.path("result").path("status").asText();
    return status.endsWith("SUCCEEDED") ? Tidewatch.OK : Tidewatch.NO;
  }

  private ObjectNode command() throws IOException {
    ObjectNode command = object().put("dryRun", dryRun).put("reason", reason);
    command.set(actionName(), actionBody());
    return command;
  }

  /** {@code kill-process} is {@code killProcess} in JSON. */
  private String actionName() {
    StringBuilder name = new StringBuilder();
    for (String word : action.toLowerCase(Locale.ROOT).split("-", -1)) {
      name.append(
          name.isEmpty() || word.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return name.toString();
  }

  private ObjectNode actionBody() throws IOException {
    ObjectNode body = object();
    switch (action) {
      case "kill-process" -> body.put("pid", argument());
      case "quarantine-file", "collect-path" -> body.put("path", argument());
      case "restore-file" -> body.put("quarantineId", argument());
      case "isolate-network" -> arguments.forEach(body.putArray("allowed")::add);
      case "release-network" -> {}
      case "run-osquery" -> body.put("sql", argument());
      case "change-configuration" -> {
        byte[] content = Files.readAllBytes(Path.of(argument(1)));
        body.put("version", argument())
            .put(
                "content",
                new String(Base64.getEncoder().encode(content), StandardCharsets.US_ASCII));
      }
      default ->
          throw new CommandFailedException(
              Tidewatch.USAGE, "no such action: " + action + "; see tidewatch respond --help");
    }
    return body;
  }

  private String argument() {
    return argument(0);
  }

  private String argument(int index) {
    if (index >= arguments.size()) {
      throw new CommandFailedException(
          Tidewatch.USAGE, action + ": an argument is missing; see tidewatch respond --help");
    }
    return arguments.get(index);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
