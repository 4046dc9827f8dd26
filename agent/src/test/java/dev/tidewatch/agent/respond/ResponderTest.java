package dev.tidewatch.agent.respond;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidewatch.agent.config.ConfigurationException;
import dev.tidewatch.agent.config.Problem;
import dev.tidewatch.agent.send.Replies;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.Command.ActionCase;
import dev.tidewatch.ingest.v1.Configuration;
import dev.tidewatch.ingest.v1.KillProcess;
import dev.tidewatch.ingest.v1.QuarantineFile;
import dev.tidewatch.ingest.v1.SignedConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Commands and configurations from the stream to what becomes of them. */
@EnabledOnOs(OS.LINUX)
class ResponderTest {
  @TempDir Path directory;
  private Commands commands;
  private final Target target = new Target();

  /** Takes everything but what says that it is bad. */
  private static final class Target implements ConfigurationTarget {
    private volatile long version = 3;
    private volatile String content = "";

    @Override
    public long version() {
      return version;
    }

    @Override
    public void check(String text) throws ConfigurationException {
      if (text.contains("bad")) {
        throw new ConfigurationException("configuration", List.of(new Problem(1, "bad")));
      }
    }

    @Override
    public void change(long newVersion, String text) {
      content = text;
      version = newVersion;
    }
  }

  @BeforeEach
  void setUp() throws Exception {
    commands = new Commands();
  }

  private Replies replies() throws IOException {
    return Replies.open(directory.resolve("replies"), () -> Commands.NOW);
  }

  private Responder responder(Replies replies) throws Exception {
    Path state = directory.toRealPath().resolve("state");
    return new Responder(
        new ResponderOptions(
            Set.of(
                ActionCase.QUARANTINE_FILE,
                ActionCase.KILL_PROCESS,
                ActionCase.CHANGE_CONFIGURATION),
            state,
            1 << 20,
            10,
            Path.of("none"),
            Path.of("none")),
        commands::identity,
        new NetworkIsolation(
            Path.of("none"), state.resolve("isolation"), "127.0.0.1:1", () -> Commands.NOW),
        target,
        replies,
        () -> Commands.NOW);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private Command quarantine(Path file) {
    return Commands.fresh()
        .setQuarantineFile(QuarantineFile.newBuilder().setPath(file.toString()))
        .build();
  }

  @Test
  void aCommandIsCarriedOutOnceThoughItComesAgainAfterARestart() throws Exception {
    Path victim = Files.writeString(directory.toRealPath().resolve("malware"), "bad");
    Command command = quarantine(victim);
    Replies before = replies();
    Responder first = responder(before);
    first.command(commands.sign(command));
    await(() -> !Files.exists(victim));
    first.close();
    // The process ended before the gateway heard of it; the gateway sends its open command again.
    Files.writeString(victim, "somebody's new file");
    Replies after = replies();
    assertThat(after.isKept(command.getCommandId())).isTrue();
    try (Responder second = responder(after)) {
      second.command(commands.sign(command));
      Command marker =
          Commands.fresh().setKillProcess(KillProcess.newBuilder().setPid(1 << 30)).build();
      second.command(commands.sign(marker));
      await(() -> after.isKept(marker.getCommandId()));
    }
    assertThat(victim).hasContent("somebody's new file");
    assertThat(after.isKept(command.getCommandId())).isTrue();
  }

  private static Configuration configuration(String agent, long version, String content) {
    return Configuration.newBuilder()
        .setTenantId("acme")
        .setAgentId(agent)
        .setVersion(version)
        .setContent(ByteString.copyFromUtf8(content))
        .build();
  }

  @Test
  void onlySignedNewerConfigurationsForThisAgentAreTaken() throws Exception {
    try (Responder responder = responder(replies())) {
      responder.configuration(commands.sign(configuration("", 4, "for all")));
      await(() -> target.version == 4);
      responder.configuration(commands.sign(configuration("agent-1", 6, "own")));
      await(() -> target.version == 6);
      assertThat(target.content).isEqualTo("own");
      assertThat(responder.configurationProblem()).isEmpty();
      // Forged, old, for somebody else, of no use.
      refused(responder, new Commands().sign(configuration("", 9, "x")), "signature");
      SignedConfiguration good = commands.sign(configuration("", 9, "x"));
      refused(
          responder,
          good.toBuilder().setConfiguration(configuration("", 10, "x").toByteString()).build(),
          "signature");
      refused(responder, commands.sign(configuration("", 6, "x")), "not above");
      refused(responder, commands.sign(configuration("agent-2", 9, "x")), "another agent");
      refused(
          responder,
          commands.sign(configuration("", 9, "x").toBuilder().setTenantId("other").build()),
          "another agent");
      refused(responder, commands.sign(configuration("", 9, "bad")), "bad");
      responder.configuration(commands.sign(configuration("", 9, "good again")));
      await(() -> target.version == 9);
      await(() -> responder.configurationProblem().isEmpty());
    }
  }

  private void refused(Responder responder, SignedConfiguration configuration, String why)
      throws InterruptedException {
    String before = target.content;
    responder.configuration(configuration);
    await(() -> responder.configurationProblem().contains(why));
    assertThat(target.content).isEqualTo(before);
  }
}
