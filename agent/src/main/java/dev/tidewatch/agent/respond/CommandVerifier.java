package dev.tidewatch.agent.respond;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidewatch.agent.enroll.Identity;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.CommandKey;
import dev.tidewatch.ingest.v1.Configuration;
import dev.tidewatch.ingest.v1.SignedCommand;
import dev.tidewatch.ingest.v1.SignedConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Tells commands of those who may give them from all others. */
final class CommandVerifier {
  private static final String COMMAND_DOMAIN = "tidewatch.command.v1\0";
  private static final String CONFIGURATION_DOMAIN = "tidewatch.configuration.v1\0";
  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);
  private static final Duration LONGEST_LIFE = Duration.ofDays(30);
  private static final int NONCE_BYTES = 16;
  private static final int MAX_COMMAND = 2 << 20;

  private final Supplier<Identity> identity;
  private final NonceStore nonces;
  private final InstantSource clock;

  /**
   * @param identity as it is now: renewing a certificate may bring other keys
   */
  CommandVerifier(Supplier<Identity> identity, NonceStore nonces, InstantSource clock) {
    this.identity = identity;
    this.nonces = nonces;
    this.clock = clock;
  }

  /**
   * The command, if its signature holds. Nothing else about it has been checked.
   *
   * @throws Refused with the code {@code signature}
   */
  Command signed(SignedCommand signed) throws Refused {
    requireSignature(COMMAND_DOMAIN, signed.getCommand(), signed.getSignature(), signed.getKeyId());
    try {
      return Command.parseFrom(signed.getCommand());
    } catch (InvalidProtocolBufferException e) {
      throw Refused.because("malformed", "signed, but no command");
    }
  }

  /**
   * Checks that a signed command is for this agent, now, and for the first time; then it counts as
   * carried out.
   *
   * @throws Refused with the codes {@code other-agent}, {@code not-yet}, {@code expired}, {@code
   *     nonce}, {@code replayed}
   */
  void admit(Command command) throws Refused, IOException {
    requireOurs(command.getTenantId(), command.getAgentId());
    Instant now = clock.instant();
    Instant issued = micros(command.getIssuedTimeUs());
    Instant expires = micros(command.getExpiresTimeUs());
    if (issued.isAfter(now.plus(CLOCK_TOLERANCE))) {
      throw Refused.because("not-yet", "issued at " + issued + ", here it is " + now);
    }
    if (!expires.isAfter(now)) {
      throw Refused.because("expired", "expired at " + expires + ", here it is " + now);
    }
    if (expires.isAfter(issued.plus(LONGEST_LIFE))) {
      throw Refused.because(
          "expired", "a command lives at most " + LONGEST_LIFE.toDays() + " days");
    }
    if (command.getNonce().size() != NONCE_BYTES) {
      throw Refused.because("nonce", "the nonce has to have 16 bytes");
    }
    if (!nonces.add(command.getNonce(), expires)) {
      throw Refused.because("replayed", "this command was carried out before");
    }
  }

  /** The configuration, if it is signed and for this agent. */
  Configuration signed(SignedConfiguration signed) throws Refused {
    requireSignature(
        CONFIGURATION_DOMAIN, signed.getConfiguration(), signed.getSignature(), signed.getKeyId());
    try {
      Configuration configuration = Configuration.parseFrom(signed.getConfiguration());
      String agent = configuration.getAgentId();
      requireOurs(configuration.getTenantId(), agent.isEmpty() ? identity.get().agentId() : agent);
      return configuration;
    } catch (InvalidProtocolBufferException e) {
      throw Refused.because("malformed", "signed, but no configuration");
    }
  }

  private void requireOurs(String tenant, String agent) throws Refused {
    if (!tenant.equals(identity.get().tenantId()) || !agent.equals(identity.get().agentId())) {
      throw Refused.because("other-agent", "for another agent");
    }
  }

  private void requireSignature(
      String domain, ByteString message, ByteString signature, String keyId) throws Refused {
    if (message.size() > MAX_COMMAND) {
      throw Refused.because("too-large", "larger than " + MAX_COMMAND + " bytes");
    }
    for (CommandKey key : identity.get().commandKeys()) {
      if (key.getKeyId().equals(keyId)) {
        if (holds(key, domain, message, signature)) {
          return;
        }
        throw Refused.because("signature", "the signature does not hold");
      }
    }
    throw Refused.because("signature", "signed with a key that enrolment did not name");
  }

  private static boolean holds(
      CommandKey key, String domain, ByteString message, ByteString signature) {
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(
          KeyFactory.getInstance("Ed25519")
              .generatePublic(new X509EncodedKeySpec(key.getPublicKey().toByteArray())));
      verifier.update(domain.getBytes(StandardCharsets.US_ASCII));
      verifier.update(message.toByteArray());
      return verifier.verify(signature.toByteArray());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static Instant micros(long micros) {
    return Instant.EPOCH.plus(micros, java.time.temporal.ChronoUnit.MICROS);
  }
}
