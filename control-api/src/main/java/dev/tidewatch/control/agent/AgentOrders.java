package dev.tidewatch.control.agent;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.audit.SigningKey;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.gateway.registry.PublishedKeys;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.Configuration;
import dev.tidewatch.ingest.v1.SignedCommand;
import dev.tidewatch.ingest.v1.SignedConfiguration;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Signs what agents obey. */
public final class AgentOrders {
  private static final String COMMAND = "tidewatch.command.v1\0";
  private static final String CONFIGURATION = "tidewatch.configuration.v1\0";
  private static final int KEY_ID_BYTES = 8;

  private final SigningKey key;

  public AgentOrders(SigningKey key) {
    this.key = key;
  }

  /** Lets gateways tell agents whose signature to believe. */
  public void publish(ControlDatabase database) {
    PublishedKeys.publish(database, PublishedKeys.COMMAND, keyId(), key.publicKey());
  }

  String keyId() {
    return HexFormat.of().formatHex(key.id(), 0, KEY_ID_BYTES);
  }

  SignedCommand sign(Command command) {
    ByteString bytes = command.toByteString();
    return SignedCommand.newBuilder()
        .setCommand(bytes)
        .setSignature(sign(COMMAND, bytes))
        .setKeyId(keyId())
        .build();
  }

  SignedConfiguration sign(Configuration configuration) {
    ByteString bytes = configuration.toByteString();
    return SignedConfiguration.newBuilder()
        .setConfiguration(bytes)
        .setSignature(sign(CONFIGURATION, bytes))
        .setKeyId(keyId())
        .build();
  }

  private ByteString sign(String domain, ByteString bytes) {
    ByteString signed = ByteString.copyFrom(domain, StandardCharsets.US_ASCII).concat(bytes);
    return ByteString.copyFrom(key.sign(signed.toByteArray()));
  }
}
