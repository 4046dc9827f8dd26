package dev.tidewatch.agent.enroll;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidewatch.ingest.v1.CommandKey;
import dev.tidewatch.ingest.v1.Enrollment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * What enrolment gave: key, certificate, whom to trust.
 *
 * @param endpoint host:port of the gateway
 * @param privateKey PKCS#8
 */
public record Identity(String endpoint, ByteString privateKey, Enrollment enrollment) {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  public String agentId() {
    return enrollment.getAgentId();
  }

  public String tenantId() {
    return enrollment.getTenantId();
  }

  public List<CommandKey> commandKeys() {
    return enrollment.getCommandKeysList();
  }

  public Instant notAfter() {
    return micros(enrollment.getNotAfterUs());
  }

  public Instant renewAfter() {
    return micros(enrollment.getRenewAfterUs());
  }

  private static Instant micros(long micros) {
    return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000);
  }

  public PrivateKey key() throws GeneralSecurityException {
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(privateKey.toByteArray()));
  }

  public X509Certificate[] chain() throws GeneralSecurityException {
    return certificates(enrollment.getCertificateChainList()).toArray(new X509Certificate[0]);
  }

  public List<X509Certificate> authorities() throws GeneralSecurityException {
    return certificates(enrollment.getCaCertificatesList());
  }

  private static List<X509Certificate> certificates(List<ByteString> ders)
      throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    for (ByteString der : ders) {
      certificates.add(
          (X509Certificate)
              factory.generateCertificate(new ByteArrayInputStream(der.toByteArray())));
    }
    return certificates;
  }

  /**
   * Reads the identity; empty when there is none yet.
   *
   * @throws IOException when the file is damaged, or others may read it
   */
  public static Optional<Identity> load(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    if (isPosix(file) && !Files.getPosixFilePermissions(file).equals(OWNER_ONLY)) {
      throw new IOException(file + " may be read by others: chmod 600 " + file);
    }
    Properties properties = new Properties();
    try (var in = Files.newBufferedReader(file)) {
      properties.load(in);
    }
    try {
      Base64.Decoder base64 = Base64.getDecoder();
      return Optional.of(
          new Identity(
              properties.getProperty("endpoint", ""),
              ByteString.copyFrom(base64.decode(properties.getProperty("private-key", ""))),
              Enrollment.parseFrom(base64.decode(properties.getProperty("enrollment", "")))));
    } catch (IllegalArgumentException | InvalidProtocolBufferException e) {
      throw new IOException(file + " is damaged: enrol again with a new token", e);
    }
  }

  /** Writes the file whole or not at all; only its owner may read it, from the first byte on. */
  public void save(Path file) throws IOException {
    Path directory = java.util.Objects.requireNonNull(file.toAbsolutePath().getParent());
    Files.createDirectories(directory);
    Path fresh = directory.resolve(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    if (isPosix(directory)) {
      Files.createFile(fresh, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } else {
      Files.createFile(fresh);
    }
    Base64.Encoder base64 = Base64.getEncoder();
    String text =
        "# Of agent "
            + agentId()
            + ", tenant "
            + tenantId()
            + ". Secret.\n"
            + "endpoint="
            + endpoint
            + "\n"
            + "private-key="
            + base64.encodeToString(privateKey.toByteArray())
            + "\n"
            + "enrollment="
            + base64.encodeToString(enrollment.toByteArray())
            + "\n";
    Files.writeString(fresh, text);
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isPosix(Path path) throws IOException {
    return Files.getFileStore(path).supportsFileAttributeView("posix");
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "agent " + agentId() + " of tenant " + tenantId() + " at " + endpoint;
  }
}
