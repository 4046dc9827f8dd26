package dev.tidewatch.agent.respond;

import com.google.protobuf.ByteString;
import dev.tidewatch.agent.enroll.Identity;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.CommandKey;
import dev.tidewatch.ingest.v1.Configuration;
import dev.tidewatch.ingest.v1.Enrollment;
import dev.tidewatch.ingest.v1.SignedCommand;
import dev.tidewatch.ingest.v1.SignedConfiguration;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;

/** A control API that signs, and the identity of the agent that believes it. */
final class Commands {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeyPair keys;

  Commands() throws GeneralSecurityException {
    keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  Identity identity() {
    return new Identity(
        "127.0.0.1:7443",
        ByteString.EMPTY,
        Enrollment.newBuilder()
            .setAgentId("agent-1")
            .setTenantId("acme")
            .addCommandKeys(
                CommandKey.newBuilder()
                    .setKeyId("k1")
                    .setPublicKey(ByteString.copyFrom(keys.getPublic().getEncoded())))
            .build());
  }

  /** A command for this agent, valid now, with a nonce of its own. */
  static Command.Builder fresh() {
    byte[] nonce = new byte[16];
    RANDOM.nextBytes(nonce);
    return Command.newBuilder()
        .setCommandId("c-" + RANDOM.nextInt(1 << 30))
        .setTenantId("acme")
        .setAgentId("agent-1")
        .setIssuedTimeUs(micros(NOW.minusSeconds(1)))
        .setExpiresTimeUs(micros(NOW.plusSeconds(60)))
        .setNonce(ByteString.copyFrom(nonce));
  }

  static long micros(Instant time) {
    return time.toEpochMilli() * 1000;
  }

  SignedCommand sign(Command command) throws GeneralSecurityException {
    return sign("tidewatch.command.v1\0", command);
  }

  SignedCommand sign(String domain, Command command) throws GeneralSecurityException {
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(keys.getPrivate());
    signer.update(domain.getBytes(StandardCharsets.US_ASCII));
    signer.update(command.toByteArray());
    return SignedCommand.newBuilder()
        .setCommand(command.toByteString())
        .setKeyId("k1")
        .setSignature(ByteString.copyFrom(signer.sign()))
        .build();
  }

  SignedConfiguration sign(Configuration configuration) throws GeneralSecurityException {
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(keys.getPrivate());
    signer.update("tidewatch.configuration.v1\0".getBytes(StandardCharsets.US_ASCII));
    signer.update(configuration.toByteArray());
    return SignedConfiguration.newBuilder()
        .setConfiguration(configuration.toByteString())
        .setKeyId("k1")
        .setSignature(ByteString.copyFrom(signer.sign()))
        .build();
  }
}
