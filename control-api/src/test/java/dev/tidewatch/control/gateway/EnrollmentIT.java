package dev.tidewatch.control.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.ClientFactory;
import dev.tidewatch.control.gateway.agent.StreamTimeouts;
import dev.tidewatch.control.gateway.enrollment.CertificateAuthority;
import dev.tidewatch.control.gateway.enrollment.EnrolledAgent;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.events.Topics;
import dev.tidewatch.ingest.v1.EnrollRequest;
import dev.tidewatch.ingest.v1.Enrollment;
import dev.tidewatch.ingest.v1.RenewRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in and who does not. */
class EnrollmentIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @TempDir static Path directory;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    KAFKA.kafka().createTopic(Topics.TELEMETRY, 1);
    gateway = Gateway.start(options("gateway").build());
  }

  private static GatewayOptions.Builder options(String name) {
    return GatewayOptions.builder(directory.resolve(name), KAFKA.bootstrapServers())
        .timeouts(
            new StreamTimeouts(
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(20),
                Duration.ofSeconds(10),
                Duration.ofMillis(500)));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static void assertRefused(Status.Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).as(e.getMessage()).isEqualTo(code));
  }

  private static String token(String tenant) {
    return gateway.administration().mintToken(tenant, Duration.ofMinutes(1));
  }

  private static EnrollRequest request(String token, KeyPair keys) {
    return EnrollRequest.newBuilder()
        .setToken(token)
        .setCsr(TestAgent.csr(keys))
        .setHardwareFingerprint(TestAgent.fingerprint(1))
        .build();
  }

  private static Enrollment enroll(EnrollRequest request) {
    try (ClientFactory anonymous = TestAgent.factory(null)) {
      return TestAgent.enrollment(gateway.port(), anonymous).enroll(request);
    }
  }

  @Test
  void aTokenWorksOnceAndPinsTheAuthority() throws Exception {
    String token = token("acme");
    try (TestAgent agent = TestAgent.enroll(gateway.port(), token)) {
      X509Certificate certificate = agent.certificate();
      assertThat(certificate.getSubjectAlternativeNames())
          .containsExactly(
              List.of(6, "tidewatch://tenant/acme/agent/" + agent.enrollment.getAgentId()));
      assertThat(agent.enrollment.getTenantId()).isEqualTo("acme");
      assertThat(certificate.getNotAfter().toInstant())
          .isBefore(Clock.systemUTC().instant().plus(Duration.ofDays(8)));
      byte[] ca = agent.enrollment.getCaCertificates(0).toByteArray();
      assertThat(token.split("\\.")[2])
          .isEqualTo(
              Base64.getUrlEncoder()
                  .withoutPadding()
                  .encodeToString(MessageDigest.getInstance("SHA-256").digest(ca)));
      assertRefused(Status.Code.UNAUTHENTICATED, () -> enroll(request(token, TestAgent.keys())));
    }
    // Its hash is on disk, not itself; the private keys are readable by their owner only.
    String journal = Files.readString(directory.resolve("gateway/enrollment.ndjson"));
    assertThat(journal).doesNotContain(token.split("\\.")[1]);
    for (String secret : List.of("ca.key", "command.key", "admin.key")) {
      assertThat(Files.getPosixFilePermissions(directory.resolve("gateway").resolve(secret)))
          .as(secret)
          .hasSize(2);
    }
  }

  @Test
  void whatIsNoTokenOrNoRequestGetsNobodyIn() throws Exception {
    for (String token : List.of("", "tw1..", "tw1.x.y", "tw2." + token("acme").substring(4))) {
      assertRefused(Status.Code.UNAUTHENTICATED, () -> enroll(request(token, TestAgent.keys())));
    }
    String token = token("acme");
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("EC");
    rsa.initialize(new java.security.spec.ECGenParameterSpec("secp384r1"));
    EnrollRequest good = request(token, TestAgent.keys());
    byte[] forged = good.getCsr().toByteArray();
    forged[forged.length - 5] ^= 1;
    assertRefused(
        Status.Code.INVALID_ARGUMENT, () -> enroll(request(token, rsa.generateKeyPair())));
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        () -> enroll(good.toBuilder().setCsr(ByteString.copyFrom(forged)).build()));
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        () -> enroll(good.toBuilder().setCsr(ByteString.copyFromUtf8("no csr")).build()));
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        () -> enroll(good.toBuilder().clearHardwareFingerprint().build()));
    // None of these used the token up.
    assertThat(enroll(good).getTenantId()).isEqualTo("acme");
  }

  @Test
  void anExpiredTokenLetsNobodyIn() {
    String token = gateway.administration().mintToken("acme", Duration.ofNanos(1));
    assertRefused(Status.Code.UNAUTHENTICATED, () -> enroll(request(token, TestAgent.keys())));
  }

  @Test
  void streamingNeedsACertificate() {
    try (TestAgent agent = TestAgent.enroll(gateway, "acme");
        ClientFactory anonymous = TestAgent.factory(null)) {
      assertThat(agent.open(anonymous).ended().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertRefused(
          Status.Code.UNAUTHENTICATED,
          () ->
              TestAgent.enrollment(gateway.port(), anonymous)
                  .renew(RenewRequest.getDefaultInstance()));
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityDoesNotPassTheHandshake() throws Exception {
    CertificateAuthority foreign =
        CertificateAuthority.open(directory.resolve("foreign"), Clock.systemUTC());
    try (TestAgent agent = TestAgent.enroll(gateway, "acme")) {
      KeyPair keys = TestAgent.keys();
      X509Certificate certificate =
          foreign.certify(
              "acme", agent.enrollment.getAgentId(), keys.getPublic(), Duration.ofDays(1));
      X509Certificate ca = TestAgent.certificate(agent.enrollment.getCaCertificates(0));
      try (ClientFactory factory = TestAgent.factory(keys.getPrivate(), certificate, ca)) {
        // The gateway names its authority in the handshake; most clients then do not even offer
        // another's certificate and stay anonymous. AgentTrustTest has those who do.
        assertThat(agent.open(factory).ended().getCode())
            .isIn(Status.Code.UNAVAILABLE, Status.Code.UNKNOWN, Status.Code.UNAUTHENTICATED);
      }
      assertThat(gateway.administration().isConnected(agent.enrollment.getAgentId())).isFalse();
    }
  }

  @Test
  void aCertificateForAnotherTenantOrAnUnknownAgentIsRefused() throws Exception {
    // What a stolen or leaked CA history could have signed: right authority, wrong names.
    CertificateAuthority own =
        CertificateAuthority.open(directory.resolve("gateway"), Clock.systemUTC());
    try (TestAgent agent = TestAgent.enroll(gateway, "acme")) {
      for (String[] name :
          List.of(
              new String[] {"other", agent.enrollment.getAgentId()},
              new String[] {"acme", UUID.randomUUID().toString()})) {
        KeyPair keys = TestAgent.keys();
        X509Certificate certificate =
            own.certify(name[0], name[1], keys.getPublic(), Duration.ofDays(1));
        try (ClientFactory factory =
            TestAgent.factory(keys.getPrivate(), certificate, own.root())) {
          assertThat(agent.open(factory).ended().getCode())
              .isEqualTo(Status.Code.PERMISSION_DENIED);
        }
      }
    }
  }

  @Test
  void aServersCertificateIsNoAgents() throws Exception {
    CertificateAuthority own =
        CertificateAuthority.open(directory.resolve("gateway"), Clock.systemUTC());
    var server = own.certifyServer(List.of("localhost"));
    try (TestAgent agent = TestAgent.enroll(gateway, "acme");
        ClientFactory factory = TestAgent.factory(server.key(), server.certificate(), own.root())) {
      assertThat(agent.open(factory).ended().getCode())
          .isIn(Status.Code.UNAVAILABLE, Status.Code.UNKNOWN, Status.Code.INTERNAL);
    }
  }

  @Test
  void revocationCutsTheOpenStreamAndEverythingAfter() {
    try (TestAgent agent = TestAgent.enroll(gateway, "acme")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      long start = System.nanoTime();
      assertThat(gateway.administration().revoke(agent.enrollment.getAgentId(), "lost laptop"))
          .isTrue();
      assertThat(line.ended().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      assertThat(agent.open().ended().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertRefused(
          Status.Code.PERMISSION_DENIED,
          () ->
              agent
                  .enrollment()
                  .renew(
                      RenewRequest.newBuilder().setCsr(TestAgent.csr(TestAgent.keys())).build()));
    }
  }

  @Test
  void anExpiredCertificateEndsTheStreamAndMayStillRenew() {
    try (Gateway brief =
            Gateway.start(
                options("brief").certificates(Duration.ofSeconds(3), Duration.ofDays(1)).build());
        TestAgent agent = TestAgent.enroll(brief, "acme")) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      assertThat(line.ended().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(agent.open().ended().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      KeyPair keys = TestAgent.keys();
      Enrollment renewed =
          agent
              .enrollment()
              .renew(
                  RenewRequest.newBuilder()
                      .setCsr(TestAgent.csr(keys))
                      .setHardwareFingerprint(TestAgent.fingerprint(1))
                      .build());
      assertThat(renewed.getAgentId()).isEqualTo(agent.enrollment.getAgentId());
      X509Certificate certificate = TestAgent.certificate(renewed.getCertificateChain(0));
      try (ClientFactory factory =
          TestAgent.factory(
              keys.getPrivate(),
              certificate,
              TestAgent.certificate(renewed.getCaCertificates(0)))) {
        TestAgent.Line again = agent.open(factory);
        again.hello((byte) 1, 0);
        assertThat(again.next().hasWelcome()).isTrue();
      }
    }
  }

  @Test
  void beyondTheGraceNothingGoes() {
    try (Gateway strict =
            Gateway.start(
                options("strict").certificates(Duration.ofSeconds(1), Duration.ZERO).build());
        TestAgent agent = TestAgent.enroll(strict, "acme")) {
      org.awaitility.Awaitility.await()
          .until(
              () ->
                  agent
                      .certificate()
                      .getNotAfter()
                      .toInstant()
                      .isBefore(Clock.systemUTC().instant()));
      assertThat(agent.open().ended().getCode())
          .isIn(Status.Code.UNAVAILABLE, Status.Code.UNKNOWN, Status.Code.INTERNAL);
    }
  }

  @Test
  void otherHardwareIsFlaggedAndRefusedWhereSoConfigured() {
    try (TestAgent agent = TestAgent.enroll(gateway, "acme")) {
      TestAgent.Line line = agent.open();
      line.hello((byte) 1, 0, TestAgent.fingerprint(7));
      assertThat(line.next().hasWelcome()).isTrue();
      EnrolledAgent known =
          gateway.administration().agent(agent.enrollment.getAgentId()).orElseThrow();
      assertThat(known.cloneFingerprint()).startsWith("07");
    }
    try (Gateway wary = Gateway.start(options("wary").refuseClones(true).build());
        TestAgent agent = TestAgent.enroll(wary, "acme")) {
      TestAgent.Line line = agent.open();
      line.hello((byte) 1, 0, TestAgent.fingerprint(7));
      assertThat(line.ended().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }
  }

  @Test
  void guessingTokensIsSlowedDown() {
    try (Gateway guarded = Gateway.start(options("guarded").build());
        ClientFactory anonymous = TestAgent.factory(null)) {
      var enrollment = TestAgent.enrollment(guarded.port(), anonymous);
      KeyPair keys = TestAgent.keys();
      for (int i = 0; i < 10; i++) {
        assertRefused(
            Status.Code.UNAUTHENTICATED, () -> enrollment.enroll(request("tw1.guess.pin", keys)));
      }
      assertRefused(
          Status.Code.RESOURCE_EXHAUSTED, () -> enrollment.enroll(request("tw1.guess.pin", keys)));
    }
  }

  @Test
  void everyWrongOptionIsNamed() {
    assertThatThrownBy(
            () ->
                GatewayOptions.builder(directory, "nowhere")
                    .ports(-1, 70_000)
                    .hosts(List.of("http://x"))
                    .deliveryTimeout(Duration.ZERO)
                    .maxEvidenceBytes(0)
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "gateway.port:",
            "gateway.local-port:",
            "gateway.hosts:",
            "gateway.kafka.bootstrap-servers:",
            "gateway.kafka.delivery-timeout:",
            "gateway.max-evidence-bytes:");
  }
}
