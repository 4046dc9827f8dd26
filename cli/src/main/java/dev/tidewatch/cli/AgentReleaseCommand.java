package dev.tidewatch.cli;

import dev.tidewatch.agent.release.ReleaseException;
import dev.tidewatch.agent.release.ReleaseRepository;
import dev.tidewatch.agent.release.RoleShare;
import dev.tidewatch.agent.update.AgentVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidewatch agent release}: the repository that agents update themselves from. */
@Command(
    name = "release",
    description = {
      "Publishes versions of the agent: a repository of The Update Framework, to be served as it is.",
      "up and gateway --agent-updates serve one."
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch agent release init --root 2/3",
      "  tidewatch agent release add --version 1.4.0 --rollout 10 agent-standalone.jar",
      "  tidewatch agent release rollout 1.4.0 100",
      "  tidewatch agent release refresh                    daily, from cron",
      "  tidewatch agent release rotate timestamp 1/1       new keys, the old ones count no more"
    })
final class AgentReleaseCommand implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  private interface Task {
    void run() throws IOException, ReleaseException;
  }

  private static int done(Task task) {
    try {
      task.run();
      return Tidewatch.OK;
    } catch (IOException | ReleaseException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(Tidewatch.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private static final String SHARE = "How many of its keys have to sign, and how many it has.";

  @Command(name = "init", description = "Makes an empty repository and its keys.")
  int init(
      @Mixin ReleasePlace place,
      @Option(
              names = "--root",
              paramLabel = "M/N",
              defaultValue = "1/1",
              description = SHARE + " Default: ${DEFAULT-VALUE}.")
          String root,
      @Option(names = "--targets", paramLabel = "M/N", defaultValue = "1/1", description = SHARE)
          String targets,
      @Option(names = "--snapshot", paramLabel = "M/N", defaultValue = "1/1", description = SHARE)
          String snapshot,
      @Option(names = "--timestamp", paramLabel = "M/N", defaultValue = "1/1", description = SHARE)
          String timestamp) {
    return done(
        () -> {
          Map<String, RoleShare> shares =
              Map.of(
                  "root", RoleShare.parse(root),
                  "targets", RoleShare.parse(targets),
                  "snapshot", RoleShare.parse(snapshot),
                  "timestamp", RoleShare.parse(timestamp));
          var unused =
              ReleaseRepository.create(
                  place.repository,
                  place.keyDirectory(),
                  shares,
                  place.validity(),
                  InstantSource.system());
          out().println("Repository: " + place.repository);
          out().println("Private keys: " + place.keyDirectory());
          out()
              .println(
                  "Keep those of root and targets off this machine. Put "
                      + place.repository.resolve("root.json")
                      + " into tuf/ of every agent's home.");
        });
  }

  @Command(
      name = "add",
      description = "Adds a version, and patches to it from the versions before. Takes a minute.")
  int add(
      @Mixin ReleasePlace place,
      @Option(
              names = "--version",
              required = true,
              paramLabel = "VERSION",
              description = "Like 1.4.0 or 1.4.0-rc.1. Agents never go to a lower one.")
          String version,
      @Option(
              names = "--channel",
              paramLabel = "NAME",
              defaultValue = "stable",
              description = "Which agents take it; may be given several times. Default: stable.")
          List<String> channels,
      @Option(
              names = "--rollout",
              paramLabel = "PERCENT",
              defaultValue = "100",
              description = "How many of a hundred agents may have it. Default: ${DEFAULT-VALUE}.")
          int rollout,
      @Option(
              names = "--patches",
              paramLabel = "N",
              defaultValue = "3",
              description = "From so many versions before. Default: ${DEFAULT-VALUE}.")
          int patches,
      @Parameters(paramLabel = "JAR", description = "The agent's jar that runs alone.") Path jar) {
    return done(
        () -> {
          if (!Files.isRegularFile(jar)) {
            throw new IOException("there is no file " + jar);
          }
          Map<String, Long> made =
              place.open().add(new AgentVersion(version), jar, channels, rollout, patches);
          out().println("Added " + version + ", " + Files.size(jar) + " bytes.");
          made.forEach((from, bytes) -> out().println("  from " + from + ": " + bytes + " bytes"));
        });
  }

  @Command(
      name = "rollout",
      description = "Changes how many of a hundred agents may have a version.")
  int rollout(
      @Mixin ReleasePlace place,
      @Parameters(paramLabel = "VERSION") String version,
      @Parameters(paramLabel = "PERCENT") int percent) {
    return done(() -> place.open().rollout(new AgentVersion(version), percent));
  }

  @Command(name = "withdraw", description = "Offers a version no longer. Who has it keeps it.")
  int withdraw(@Mixin ReleasePlace place, @Parameters(paramLabel = "VERSION") String version) {
    return done(() -> place.open().withdraw(new AgentVersion(version)));
  }

  @Command(
      name = "rotate",
      description =
          "Gives a role new keys: root, targets, snapshot or timestamp. Needs root's keys.")
  int rotate(
      @Mixin ReleasePlace place,
      @Parameters(paramLabel = "ROLE") String role,
      @Parameters(paramLabel = "M/N", defaultValue = "1/1", description = SHARE) String share) {
    return done(() -> place.open().rotate(role, RoleShare.parse(share)));
  }

  @Command(
      name = "refresh",
      description = {
        "Signs the timestamp anew, and what else is half expired. Needs the keys of timestamp and",
        "snapshot; run it more often than the timestamp expires."
      })
  int refresh(@Mixin ReleasePlace place) {
    return done(
        () -> {
          var unused = place.open().refresh();
          out().println("timestamp: " + place.open().state().get("timestamp"));
        });
  }

  @Command(name = "show", description = "What is offered, and until when the signatures count.")
  int show(@Mixin ReleasePlace place) {
    return done(
        () -> {
          ReleaseRepository repository = place.open();
          repository.state().forEach((role, state) -> out().println(role + ": " + state));
          for (ReleaseRepository.Offer offer : repository.offers()) {
            out()
                .println(
                    "%s  %s  %d %%  %d bytes"
                        .formatted(
                            offer.version(), offer.channels(), offer.rollout(), offer.bytes()));
          }
        });
  }
}
