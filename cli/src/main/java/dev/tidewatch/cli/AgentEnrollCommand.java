package dev.tidewatch.cli;

import dev.tidewatch.agent.AgentRun;
import dev.tidewatch.agent.enroll.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewatch agent enroll}. */
@Command(name = "enroll", description = "Spends a one-time token to become an agent of a gateway.")
final class AgentEnrollCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin AgentPlace place;

  @Option(
      names = "--gateway",
      required = true,
      paramLabel = "HOST:PORT",
      description = "The gateway's TLS port.")
  String gateway = "";

  @ArgGroup(multiplicity = "1")
  TokenSource token = new TokenSource();

  /** The token itself, or where it stands: arguments are seen by everybody on the machine. */
  static final class TokenSource {
    @Option(names = "--token", paramLabel = "TOKEN", description = "The token.")
    @Nullable String text;

    @Option(
        names = "--token-file",
        paramLabel = "FILE",
        description = "A file with the token, which others cannot see in the process list.")
    @Nullable Path file;
  }

  @Override
  public Integer call() {
    try {
      String text = token.text;
      if (text == null && token.file != null) {
        text = Files.readString(token.file).strip();
      }
      Identity identity = new AgentRun(place.files()).enroll(gateway, text == null ? "" : text);
      spec.commandLine().getOut().println("Enrolled: " + identity + ".");
      return Tidewatch.OK;
    } catch (IOException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()));
    }
  }
}
