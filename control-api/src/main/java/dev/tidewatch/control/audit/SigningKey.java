package dev.tidewatch.control.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/**
 * The Ed25519 key that signs days of audit logs and deletion certificates. It is a file with the
 * private key (PKCS#8) on the first line and the public key (X.509) on the second, both Base64,
 * that only its owner reads. Who keeps it elsewhere than the database keeps the two honest.
 */
public final class SigningKey {
  private final PrivateKey privateKey;
  private final PublicKey publicKey;

  private SigningKey(PrivateKey privateKey, PublicKey publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /** A key that nobody keeps. */
  static SigningKey generate() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      return new SigningKey(pair.getPrivate(), pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK from 15 on has Ed25519", e);
    }
  }

  /**
   * The key in {@code file}, which is made where it is missing.
   *
   * @throws IllegalStateException that names the file when it is not such a key
   */
  public static SigningKey at(Path file) {
    try {
      if (!Files.exists(file)) {
        create(file, generate());
      }
      List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
      KeyFactory keys = KeyFactory.getInstance("Ed25519");
      Base64.Decoder base64 = Base64.getDecoder();
      return new SigningKey(
          keys.generatePrivate(new PKCS8EncodedKeySpec(base64.decode(lines.get(0)))),
          keys.generatePublic(new X509EncodedKeySpec(base64.decode(lines.get(1)))));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new IllegalStateException(
          "control.audit.signing-key: " + file + " cannot be read as an Ed25519 key: " + e, e);
    }
  }

  private static void create(Path file, SigningKey key) throws IOException {
    Base64.Encoder base64 = Base64.getEncoder();
    String text =
        base64.encodeToString(key.privateKey.getEncoded())
            + "\n"
            + base64.encodeToString(key.publicKey.getEncoded())
            + "\n";
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, text, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException another) {
      // Another server of this installation was first; its key is the key.
    }
  }

  public byte[] sign(byte[] data) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(privateKey);
      signature.update(data);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether {@code signature} is of this key and {@code data}. */
  public boolean verifies(byte[] data, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(publicKey);
      verifier.update(data);
      return verifier.verify(signature);
    } catch (GeneralSecurityException notASignature) {
      return false;
    }
  }

  /** X.509 DER. */
  public byte[] publicKey() {
    return publicKey.getEncoded();
  }

  /** SHA-256 of {@link #publicKey}. */
  public byte[] id() {
    return CanonicalBytes.sha256(publicKey());
  }
}
