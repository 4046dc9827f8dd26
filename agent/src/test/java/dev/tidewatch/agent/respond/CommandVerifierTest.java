package dev.tidewatch.agent.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.SignedCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandVerifierTest {
  @TempDir Path directory;
  private Commands commands;
  private CommandVerifier verifier;

  @BeforeEach
  void setUp() throws Exception {
    commands = new Commands();
    verifier = verifier();
  }

  private CommandVerifier verifier() throws Exception {
    return new CommandVerifier(
        commands::identity,
        NonceStore.open(directory.resolve("nonces"), Commands.NOW),
        () -> Commands.NOW);
  }

  private static void assertRefused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(code);
              assertThat(refused.wasTried()).isFalse();
            });
  }

  @Test
  void believesWhatIsSigned() throws Exception {
    Command command = Commands.fresh().build();
    Command read = verifier.signed(commands.sign(command));
    assertThat(read).isEqualTo(command);
    verifier.admit(read);
  }

  @Test
  void refusesForgedCommands() throws Exception {
    SignedCommand good = commands.sign(Commands.fresh().build());
    Command other = Commands.fresh().setDryRun(true).build();
    assertRefused(
        "signature",
        () -> verifier.signed(good.toBuilder().setCommand(other.toByteString()).build()));
    assertRefused("signature", () -> verifier.signed(good.toBuilder().setKeyId("unknown").build()));
    assertRefused(
        "signature",
        () -> verifier.signed(good.toBuilder().setSignature(ByteString.EMPTY).build()));
    assertRefused("signature", () -> verifier.signed(new Commands().sign(other)));
    // A signature over a configuration is none over a command.
    assertRefused(
        "signature", () -> verifier.signed(commands.sign("tidewatch.configuration.v1\0", other)));
    for (int i = 0; i < good.getCommand().size(); i++) {
      byte[] bytes = good.getCommand().toByteArray();
      bytes[i] ^= 1;
      SignedCommand bent = good.toBuilder().setCommand(ByteString.copyFrom(bytes)).build();
      assertRefused("signature", () -> verifier.signed(bent));
    }
  }

  @Test
  void refusesWhatIsExpiredOrFromTheFuture() {
    Instant now = Commands.NOW;
    assertRefused(
        "expired",
        () -> verifier.admit(Commands.fresh().setExpiresTimeUs(Commands.micros(now)).build()));
    assertRefused("expired", () -> verifier.admit(Commands.fresh().setExpiresTimeUs(0).build()));
    assertRefused(
        "expired",
        () ->
            verifier.admit(
                Commands.fresh()
                    .setExpiresTimeUs(Commands.micros(now.plusSeconds(86_400 * 60L)))
                    .build()));
    assertRefused(
        "not-yet",
        () ->
            verifier.admit(
                Commands.fresh().setIssuedTimeUs(Commands.micros(now.plusSeconds(600))).build()));
  }

  @Test
  void refusesCommandsForOthers() {
    assertRefused(
        "other-agent", () -> verifier.admit(Commands.fresh().setAgentId("agent-2").build()));
    assertRefused(
        "other-agent", () -> verifier.admit(Commands.fresh().setTenantId("other").build()));
  }

  @Test
  void refusesReplaysAlsoAfterARestart() throws Exception {
    Command command = Commands.fresh().build();
    verifier.admit(command);
    assertRefused("replayed", () -> verifier.admit(command));
    CommandVerifier restarted = verifier();
    assertRefused("replayed", () -> restarted.admit(command));
    Command sameNonce = Commands.fresh().setNonce(command.getNonce()).build();
    assertRefused("replayed", () -> restarted.admit(sameNonce));
    assertRefused(
        "nonce", () -> verifier.admit(Commands.fresh().setNonce(ByteString.EMPTY).build()));
  }

  @Test
  void aTornLineOfTheNoncesHidesNoOther() throws Exception {
    Command first = Commands.fresh().build();
    verifier.admit(first);
    Files.writeString(directory.resolve("nonces"), "abcdef 17", StandardOpenOption.APPEND);
    CommandVerifier restarted = verifier();
    assertRefused("replayed", () -> restarted.admit(first));
    restarted.admit(Commands.fresh().build());
  }
}
