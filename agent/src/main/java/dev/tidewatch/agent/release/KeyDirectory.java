package dev.tidewatch.agent.release;

import dev.tidewatch.agent.update.tuf.SigningKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Private keys: files {@code ROLE-ID.key}, one each, readable by their owner only. Several
 * directories can be given, so that the root's keys can be on a stick that is mostly elsewhere; new
 * keys are written into the first.
 */
public final class KeyDirectory {
  private final List<Path> directories;

  public KeyDirectory(List<Path> directories) {
    this.directories = List.copyOf(directories);
  }

  /**
   * Makes a key.
   *
   * @return its entry for root metadata
   */
  Map<String, Object> create(String role) throws IOException {
    Path directory = directories.get(0);
    Files.createDirectories(directory);
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      Map<String, Object> entry = SigningKeys.entry(pair.getPublic());
      Path file = directory.resolve(role + "-" + SigningKeys.id(entry).substring(0, 16) + ".key");
      if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Base64.Encoder base64 = Base64.getEncoder();
      Files.writeString(
          file,
          "# Ed25519 key of the role "
              + role
              + ". Secret.\nprivate="
              + base64.encodeToString(pair.getPrivate().getEncoded())
              + "\npublic="
              + base64.encodeToString(pair.getPublic().getEncoded())
              + "\n");
      return entry;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @throws ReleaseException when keys would be served with the repository
   */
  void requireOutside(Path repository) throws ReleaseException {
    Path served = repository.toAbsolutePath().normalize();
    for (Path directory : directories) {
      if (directory.toAbsolutePath().normalize().startsWith(served)) {
        throw new ReleaseException(
            "keys in " + directory + " would be served with the repository: keep them elsewhere");
      }
    }
  }

  /** Signs with a key; empty when it is not here. */
  Optional<String> sign(String keyId, byte[] message) throws IOException {
    PrivateKey key = load().get(keyId);
    if (key == null) {
      return Optional.empty();
    }
    try {
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(key);
      signer.update(message);
      return Optional.of(HexFormat.of().formatHex(signer.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, PrivateKey> load() throws IOException {
    Map<String, PrivateKey> keys = new LinkedHashMap<>();
    for (Path directory : directories) {
      if (Files.isDirectory(directory)) {
        for (Path file : keyFiles(directory)) {
          read(file, keys);
        }
      }
    }
    return keys;
  }

  private static List<Path> keyFiles(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.key")) {
      found.forEach(files::add);
    }
    return files;
  }

  private static void read(Path file, Map<String, PrivateKey> keys) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
      int equals = line.indexOf('=');
      values.put(line.substring(0, Math.max(0, equals)), line.substring(equals + 1));
    }
    try {
      KeyFactory factory = KeyFactory.getInstance("Ed25519");
      Base64.Decoder base64 = Base64.getDecoder();
      PublicKey publicKey =
          factory.generatePublic(
              new X509EncodedKeySpec(base64.decode(values.getOrDefault("public", ""))));
      PrivateKey privateKey =
          factory.generatePrivate(
              new PKCS8EncodedKeySpec(base64.decode(values.getOrDefault("private", ""))));
      keys.put(SigningKeys.id(SigningKeys.entry(publicKey)), privateKey);
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new IOException(file + " is no key file of tidewatch agent release", e);
    }
  }

  @Override
  public String toString() {
    return directories.toString();
  }
}
