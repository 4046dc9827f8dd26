package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.sigma.RuleDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewatch rules sync}: what is deployed becomes what a directory holds. */
@Command(
    name = "sync",
    description = {
      "Makes what was deployed by hand equal a directory: its rules live for all tenants, others"
          + " that run retired, in one revision or not at all. Rules that `up --rules` brought and"
          + " drafts are left alone."
    },
    footerHeading = "%nExit codes and examples:%n",
    footer = {
      "  0 in sync, or applied                  1 errors in the rules, nothing was changed",
      "  2 with --plan: there are changes       3 someone was faster, or no answer",
      "",
      "  tidewatch rules sync rules/ --plan                    what would change",
      "  tidewatch rules sync rules/ --if-revision 7 --wait    that, unless someone was faster",
      "  tidewatch rules sync rules/ --plan --format json | jq '.rules[] | select(.action==\"retire\")'"
    })
final class RulesSyncCommand implements Callable<Integer> {
  /** How the plan is printed. */
  enum Format {
    TEXT,
    JSON
  }

  /** As `terraform plan -detailed-exitcode` has it. */
  static final int CHANGES = 2;

  @Spec CommandSpec spec;
  @Mixin ControlClient client;
  @Mixin DeployWait wait;

  @Parameters(paramLabel = "DIR", description = "The directory of rules.")
  Path directory;

  @Option(names = "--plan", description = "Print what would be done, and do nothing.")
  boolean plan;

  @Option(names = "--format", defaultValue = "text", description = "text (default) or json.")
  Format format;

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
    if (!Files.isDirectory(directory)) {
      throw new CommandFailedException(Tidewatch.USAGE, directory + ": no such directory");
    }
    ObjectNode body = client.body();
    RuleUpload.put(RuleDirectory.read(List.of(directory)), List.of(directory), body);
    body.put("retireMissing", true)
        .put("dryRun", plan)
        .put("expectedRevision", expected)
        .put("comment", comment);
    SyncPlan made = new SyncPlan(client.post("rules:deploy", body), !plan);
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.JSON) {
      out.println(made.json(client.body()).toPrettyString());
    } else {
      made.text(out);
    }
    out.flush();
    return exit(made);
  }

  private int exit(SyncPlan made) throws IOException, InterruptedException {
    if (made.isRefused()) {
      return Tidewatch.NO;
    }
    if (plan) {
      return made.hasChanges() ? CHANGES : Tidewatch.OK;
    }
    PrintWriter told =
        format == Format.JSON ? spec.commandLine().getErr() : spec.commandLine().getOut();
    return wait.await(client, made.answer(), told);
  }
}
