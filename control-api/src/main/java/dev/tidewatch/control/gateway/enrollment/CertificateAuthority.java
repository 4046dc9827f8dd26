package dev.tidewatch.control.gateway.enrollment;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The gateway's own certificate authority: one ECDSA P-256 root that signs the agents' short-lived
 * certificates and the gateway's own. The root is made at the first start and kept in two files of
 * its directory, {@code ca.key} (PKCS#8, PEM, readable by its owner) and {@code ca.pem}.
 */
public final class CertificateAuthority {
  private static final Duration ROOT_LIFETIME = Duration.ofDays(3_650);
  private static final Duration SERVER_LIFETIME = Duration.ofDays(365);

  /** Clocks of agents differ. */
  private static final Duration BACKDATED = Duration.ofMinutes(10);

  private static final int SERIAL_BYTES = 16;
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

  private final PrivateKey key;
  private final X509Certificate root;
  private final Clock clock;

  CertificateAuthority(PrivateKey key, X509Certificate root, Clock clock) {
    this.key = key;
    this.root = root;
    this.clock = clock;
  }

  /**
   * Opens the authority in {@code directory}, or founds it where there is none.
   *
   * @throws IOException when files are there but unreadable; they are never replaced
   */
  public static CertificateAuthority open(Path directory, Clock clock) throws IOException {
    Path keyFile = directory.resolve("ca.key");
    Path rootFile = directory.resolve("ca.pem");
    if (Files.exists(keyFile) && Files.exists(rootFile)) {
      return new CertificateAuthority(
          Pem.privateKey(keyFile, "EC"), Pem.certificate(rootFile), clock);
    }
    if (Files.exists(rootFile)) {
      throw new IOException(
          keyFile + " is missing beside ca.pem: restore it, or remove both and enrol again");
    }
    Files.createDirectories(directory);
    CertificateAuthority founded = found(clock);
    Secrets.write(keyFile, Pem.encode("PRIVATE KEY", founded.key.getEncoded()));
    Secrets.write(rootFile, Pem.encode("CERTIFICATE", encoded(founded.root)));
    return founded;
  }

  static CertificateAuthority found(Clock clock) {
    KeyPair pair = Keys.p256();
    X500Name name =
        new X500Name("CN=Tidewatch gateway CA " + Secrets.hash(Secrets.random()).substring(0, 8));
    Instant now = clock.instant();
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              serial(),
              Date.from(now.minus(BACKDATED)),
              Date.from(now.plus(ROOT_LIFETIME)),
              name,
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
      return new CertificateAuthority(pair.getPrivate(), sign(builder, pair.getPrivate()), clock);
    } catch (GeneralSecurityException | CertIOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A certificate for an agent.
   *
   * @param lifetime from now on
   */
  public X509Certificate certify(
      String tenant, String agentId, PublicKey agentKey, Duration lifetime) {
    return issue(
        new X500Name("CN=" + agentId),
        agentKey,
        lifetime,
        KeyPurposeId.id_kp_clientAuth,
        new GeneralName(GeneralName.uniformResourceIdentifier, AgentIdentity.uri(tenant, agentId)));
  }

  /** A key and a certificate for this gateway, made anew at every start. */
  public ServerCredentials certifyServer(List<String> hosts) {
    KeyPair pair = Keys.p256();
    GeneralName[] names =
        hosts.stream().map(CertificateAuthority::name).toArray(GeneralName[]::new);
    X509Certificate certificate =
        issue(
            new X500Name("CN=Tidewatch gateway"),
            pair.getPublic(),
            SERVER_LIFETIME,
            KeyPurposeId.id_kp_serverAuth,
            names);
    return new ServerCredentials(pair.getPrivate(), certificate, root);
  }

  /**
   * What the gateway shows.
   *
   * @param root sent along, so that an agent can hold it against the pin of its token
   */
  public record ServerCredentials(
      PrivateKey key, X509Certificate certificate, X509Certificate root) {}

  private X509Certificate issue(
      X500Name subject,
      PublicKey subjectKey,
      Duration lifetime,
      KeyPurposeId purpose,
      GeneralName... names) {
    Instant now = clock.instant();
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              X500Name.getInstance(root.getSubjectX500Principal().getEncoded()),
              serial(),
              Date.from(now.minus(BACKDATED)),
              Date.from(now.plus(lifetime)),
              subject,
              subjectKey);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(root.getPublicKey()));
      return sign(builder, key);
    } catch (GeneralSecurityException | CertIOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static GeneralName name(String host) {
    return new GeneralName(
        ADDRESS.matcher(host).matches() ? GeneralName.iPAddress : GeneralName.dNSName,
        host.toLowerCase(Locale.ROOT));
  }

  private static BigInteger serial() {
    return new BigInteger(1, Secrets.randomBytes(SERIAL_BYTES)).setBit(0);
  }

  /** The root certificate. */
  public X509Certificate root() {
    return root;
  }

  /** SHA-256 of the root certificate, base64url: what a token pins. */
  public String pin() {
    return Secrets.base64(Secrets.sha256(encoded(root)));
  }

  X500Principal issuer() {
    return root.getSubjectX500Principal();
  }

  static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }
}
