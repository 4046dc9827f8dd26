package dev.tidewatch.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import dev.tidewatch.control.database.LocalDatabases;
import dev.tidewatch.control.v1.CreateApiKeyRequest;
import dev.tidewatch.control.v1.Role;
import dev.tidewatch.embedded.junit.PostgresExtension;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.store.ClickHouseEndpoint;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** TLS, and callers who show a certificate instead of a key. */
class TlsIT {
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  @TempDir static Path directory;

  private record Identity(X509Certificate certificate, PrivateKey key) {}

  private static Identity authority;
  private static ControlServer server;
  private static String operatorKey;

  @BeforeAll
  static void start() throws Exception {
    authority = issue("CN=authority", null);
    Identity own = issue("CN=localhost", authority);
    Path certificates = pem("server.pem", "CERTIFICATE", own.certificate().getEncoded());
    Path key = pem("server.key", "PRIVATE KEY", own.key().getEncoded());
    Path authorities = pem("ca.pem", "CERTIFICATE", authority.certificate().getEncoded());
    var database = LocalDatabases.options(POSTGRES.postgres());
    var unused = LocalOperator.prepare(database, directory, Clock.systemUTC());
    operatorKey = LocalOperator.key(directory).orElseThrow();
    Compilation none = new SigmaCompiler().compile(List.of());
    server =
        ControlServer.start(
            ControlOptions.builder(
                    ClickHouseEndpoint.of("http://127.0.0.1:1"), "127.0.0.1:1", () -> none)
                .access(AccessOptions.required(database, directory.resolve("signing.key")))
                .tls(new TlsOptions(certificates, key, Optional.of(authorities)))
                .build());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aClientCertificateCountsWhenItWasLetIn() throws Exception {
    Identity client = issue("CN=collector,O=default", authority);
    assertThat(get(client, "/v1/whoami").statusCode()).as("not let in yet").isEqualTo(401);
    HttpResponse<String> created = letIn(client, "default");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
    assertThat(created.body()).contains("\"certificate\":true").doesNotContain("secret");
    assertThat(get(client, "/v1/whoami").body()).contains("certificate:collector@default");
    assertThat(get(client, "/v1/tenants/system/rules").statusCode()).isEqualTo(403);
    assertThat(get(null, "/v1/whoami").statusCode()).isEqualTo(401);
  }

  @Test
  void anotherTenantsCertificateIsNotTaken() throws Exception {
    Identity foreign = issue("CN=x,O=globex", authority);
    HttpResponse<String> created = letIn(foreign, "default");
    assertThat(created.statusCode()).isEqualTo(400);
    assertThat(created.body()).contains("certificate_der");
  }

  @Test
  void cookiesAreSecure() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri("/v1/session")).DELETE().build();
    HttpResponse<String> answer = client(null).send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.headers().firstValue("set-cookie").orElseThrow()).contains("Secure");
    assertThat(answer.headers().firstValue("strict-transport-security"))
        .contains("max-age=31536000");
  }

  private static HttpResponse<String> letIn(Identity client, String tenant) throws Exception {
    CreateApiKeyRequest body =
        CreateApiKeyRequest.newBuilder()
            .setTenantId(tenant)
            .setName("collector")
            .addRoles(Role.ROLE_VIEWER)
            .setValidDays(1)
            .setCertificateDer(ByteString.copyFrom(client.certificate().getEncoded()))
            .build();
    HttpRequest request =
        HttpRequest.newBuilder(uri("/v1/tenants/" + tenant + "/apikeys"))
            .header("authorization", "Bearer " + operatorKey)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JsonFormat.printer().print(body)))
            .build();
    return client(null).send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(Identity identity, String path) throws Exception {
    return client(identity)
        .send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(String path) {
    return URI.create("https://localhost:" + server.port() + path);
  }

  private static HttpClient client(Identity identity) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load((InputStream) null, null);
    trusted.setCertificateEntry("ca", authority.certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load((InputStream) null, null);
    if (identity != null) {
      own.setKeyEntry(
          "own", identity.key(), new char[0], new Certificate[] {identity.certificate()});
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private static Identity issue(String subject, Identity by) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    X500Name name = new X500Name(subject);
    X500Name issuer = by == null ? name : new X500Name("CN=authority");
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            BigInteger.valueOf(System.nanoTime()),
            Date.from(Instant.now().minusSeconds(60)),
            Date.from(Instant.now().plusSeconds(3600)),
            name,
            pair.getPublic());
    builder.addExtension(
        Extension.basicConstraints,
        true,
        new org.bouncycastle.asn1.x509.BasicConstraints(by == null));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")));
    PrivateKey signing = by == null ? pair.getPrivate() : by.key();
    return new Identity(
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signing))),
        pair.getPrivate());
  }

  private static Path pem(String name, String kind, byte[] der) throws Exception {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        directory.resolve(name),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, body, kind));
  }
}
