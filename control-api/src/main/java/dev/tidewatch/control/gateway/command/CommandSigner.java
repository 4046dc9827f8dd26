package dev.tidewatch.control.gateway.command;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.gateway.enrollment.Pem;
import dev.tidewatch.control.gateway.enrollment.Secrets;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.SignedCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Signs commands with Ed25519. The key is made at the first start and kept in {@code command.key}
 * (PKCS#8, PEM, readable by its owner) and {@code command.pub} (SubjectPublicKeyInfo, PEM).
 */
public final class CommandSigner {
  private static final byte[] DOMAIN = "tidewatch.command.v1\0".getBytes(StandardCharsets.US_ASCII);
  private static final String ALGORITHM = "Ed25519";
  private static final int KEY_ID_BYTES = 8;

  private final PrivateKey privateKey;
  private final PublicKey publicKey;
  private final String keyId;

  private CommandSigner(PrivateKey privateKey, PublicKey publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
    this.keyId = HexFormat.of().formatHex(Secrets.sha256(publicKey.getEncoded()), 0, KEY_ID_BYTES);
  }

  /**
   * @throws IOException when files are there but unreadable; they are never replaced
   */
  public static CommandSigner open(Path directory) throws IOException {
    Path keyFile = directory.resolve("command.key");
    Path publicFile = directory.resolve("command.pub");
    try {
      if (Files.exists(keyFile) && Files.exists(publicFile)) {
        return new CommandSigner(Pem.privateKey(keyFile, ALGORITHM), publicKey(publicFile));
      }
      if (Files.exists(keyFile) || Files.exists(publicFile)) {
        throw new IOException(
            directory
                + " holds one of command.key and command.pub: restore the other or remove it");
      }
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      Files.createDirectories(directory);
      Secrets.write(keyFile, Pem.encode("PRIVATE KEY", pair.getPrivate().getEncoded()));
      Secrets.write(publicFile, Pem.encode("PUBLIC KEY", pair.getPublic().getEncoded()));
      return new CommandSigner(pair.getPrivate(), pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new IOException("no Ed25519 key in " + directory + ": " + e.getMessage(), e);
    }
  }

  private static PublicKey publicKey(Path file) throws IOException, GeneralSecurityException {
    String body = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
    return KeyFactory.getInstance(ALGORITHM)
        .generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
  }

  /** As {@code SignedCommand} wants it: over a domain, NUL and the command's bytes. */
  public SignedCommand sign(Command command) {
    byte[] bytes = command.toByteArray();
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey);
      signature.update(DOMAIN);
      signature.update(bytes);
      return SignedCommand.newBuilder()
          .setCommand(ByteString.copyFrom(bytes))
          .setSignature(ByteString.copyFrom(signature.sign()))
          .setKeyId(keyId)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public String keyId() {
    return keyId;
  }

  public PublicKey publicKey() {
    return publicKey;
  }
}
