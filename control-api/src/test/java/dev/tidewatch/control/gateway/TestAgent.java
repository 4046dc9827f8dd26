package dev.tidewatch.control.gateway;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.ClientFactoryBuilder;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.ingest.v1.AgentEvent;
import dev.tidewatch.ingest.v1.AgentMessage;
import dev.tidewatch.ingest.v1.Batch;
import dev.tidewatch.ingest.v1.EnrollRequest;
import dev.tidewatch.ingest.v1.Enrollment;
import dev.tidewatch.ingest.v1.EnrollmentServiceGrpc.EnrollmentServiceBlockingStub;
import dev.tidewatch.ingest.v1.EventBlock;
import dev.tidewatch.ingest.v1.GatewayMessage;
import dev.tidewatch.ingest.v1.Hello;
import dev.tidewatch.ingest.v1.TelemetryServiceGrpc.TelemetryServiceStub;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** An agent as tests need it: enrols, opens streams, sends what it is told to send. */
final class TestAgent implements AutoCloseable {
  final Enrollment enrollment;
  private final int port;
  private final List<ClientFactory> factories = new ArrayList<>();

  private TestAgent(int port, Enrollment enrollment, KeyPair keys) {
    this.port = port;
    this.enrollment = enrollment;
    this.usedKeys = keys;
  }

  private final KeyPair usedKeys;

  static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static ByteString csr(KeyPair keys) {
    try {
      return ByteString.copyFrom(
          new JcaPKCS10CertificationRequestBuilder(
                  new X500Principal("CN=whatever it says"), keys.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
              .getEncoded());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static ByteString fingerprint(int machine) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) machine;
    return ByteString.copyFrom(bytes);
  }

  static TestAgent enroll(Gateway gateway, String tenant) {
    return enroll(
        gateway.port(),
        gateway.administration().mintToken(tenant, java.time.Duration.ofMinutes(5)));
  }

  static TestAgent enroll(int port, String token) {
    KeyPair keys = keys();
    try (ClientFactory anonymous = factory(null)) {
      Enrollment enrollment =
          enrollment(port, anonymous)
              .enroll(
                  EnrollRequest.newBuilder()
                      .setToken(token)
                      .setCsr(csr(keys))
                      .setHardwareFingerprint(fingerprint(1))
                      .setAgentVersion("test")
                      .setHost("web-1")
                      .build());
      return new TestAgent(port, enrollment, keys);
    }
  }

  static EnrollmentServiceBlockingStub enrollment(int port, ClientFactory factory) {
    return GrpcClients.builder("gproto+https://127.0.0.1:" + port + "/")
        .factory(factory)
        .responseTimeoutMillis(60_000)
        .build(EnrollmentServiceBlockingStub.class);
  }

  EnrollmentServiceBlockingStub enrollment() {
    ClientFactory factory = own();
    return enrollment(port, factory);
  }

  PrivateKey key() {
    return usedKeys.getPrivate();
  }

  X509Certificate certificate() {
    return certificate(enrollment.getCertificateChain(0));
  }

  static X509Certificate certificate(ByteString der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der.toByteArray()));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Of factories that end as an agent does that dies: they do not wait for streams to end. */
  private static ClientFactoryBuilder builder() {
    return ClientFactory.builder().http2GracefulShutdownTimeoutMillis(0);
  }

  /** A connection of its own with the given identity; without one, the test trusts anything. */
  static ClientFactory factory(TestAgent agent) {
    return agent == null
        ? builder().tlsNoVerify().build()
        : factory(
            agent.key(), agent.certificate(), certificate(agent.enrollment.getCaCertificates(0)));
  }

  static ClientFactory factory(PrivateKey key, X509Certificate certificate, X509Certificate ca) {
    return builder()
        .tls(key, certificate)
        .tlsCustomizer(tls -> tls.trustManager(ca).protocols("TLSv1.3"))
        .build();
  }

  private ClientFactory own() {
    ClientFactory factory = factory(this);
    factories.add(factory);
    return factory;
  }

  Line open() {
    return open(own());
  }

  Line open(ClientFactory factory) {
    return open(port, factory);
  }

  Line open(int otherPort, ClientFactory factory) {
    return open(otherPort, factory, new Line(true));
  }

  Line open(ClientFactory factory, Line line) {
    return open(port, factory, line);
  }

  private static Line open(int port, ClientFactory factory, Line line) {
    GrpcClients.builder("gproto+https://127.0.0.1:" + port + "/")
        .factory(factory)
        .responseTimeoutMillis(0)
        .maxResponseLength(0)
        .build(TelemetryServiceStub.class)
        .stream(line);
    return line;
  }

  /** A stream that has said hello and was welcomed. */
  Line connect(byte spool, long acknowledged) {
    Line line = open();
    line.hello(spool, acknowledged);
    line.welcome = line.next().getWelcome();
    return line;
  }

  static AgentEvent event(String text) {
    return AgentEvent.newBuilder()
        .setEventId(EventIds.bytes(EventIds.next()))
        .setObservedTimeUs(1_700_000_000_000_000L)
        .setOrigin("test")
        .setPayload(
            ByteString.copyFrom(
                ("{\"message\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8)))
        .build();
  }

  static Batch batch(long sequence, AgentEvent... events) {
    return Batch.newBuilder()
        .setSequence(sequence)
        .setPlain(EventBlock.newBuilder().addAllEvents(List.of(events)))
        .build();
  }

  @Override
  public void close() {
    factories.forEach(ClientFactory::close);
  }

  /** A stream from the agent's side. */
  static final class Line implements ClientResponseObserver<AgentMessage, GatewayMessage> {
    final BlockingQueue<GatewayMessage> received = new LinkedBlockingQueue<>();
    final CompletableFuture<Status> end = new CompletableFuture<>();
    ClientCallStreamObserver<AgentMessage> gateway;
    dev.tidewatch.ingest.v1.Welcome welcome;
    private final boolean reads;

    /**
     * @param reads whether it ever reads what comes
     */
    Line(boolean reads) {
      this.reads = reads;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<AgentMessage> stream) {
      gateway = stream;
      if (!reads) {
        stream.disableAutoRequestWithInitial(0);
      }
    }

    void hello(byte spool, long acknowledged) {
      hello(spool, acknowledged, fingerprint(1));
    }

    void hello(byte spool, long acknowledged, ByteString fingerprint) {
      byte[] id = new byte[16];
      id[0] = spool;
      send(
          AgentMessage.newBuilder()
              .setHello(
                  Hello.newBuilder()
                      .setHost("web-1")
                      .setSpoolId(ByteString.copyFrom(id))
                      .setHardwareFingerprint(fingerprint)
                      .setAcknowledgedSequence(acknowledged))
              .build());
    }

    synchronized void send(AgentMessage message) {
      gateway.onNext(message);
    }

    void send(Batch batch) {
      send(AgentMessage.newBuilder().setBatch(batch).build());
    }

    GatewayMessage next() {
      try {
        GatewayMessage message = received.poll(60, TimeUnit.SECONDS);
        if (message == null) {
          throw new AssertionError("no message; the stream: " + end);
        }
        return message;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** The first acknowledgement that reaches {@code sequence}; others and credit are read past. */
    dev.tidewatch.ingest.v1.Acknowledgement acknowledged(long sequence) {
      dev.tidewatch.ingest.v1.Acknowledgement.Builder all =
          dev.tidewatch.ingest.v1.Acknowledgement.newBuilder();
      while (all.getSequence() < sequence) {
        GatewayMessage message = next();
        if (message.hasAcknowledgement()) {
          all.setSequence(message.getAcknowledgement().getSequence())
              .addAllRefusals(message.getAcknowledgement().getRefusalsList());
        }
      }
      return all.build();
    }

    Status ended() {
      try {
        return end.get(60, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new AssertionError("the stream goes on", e);
      }
    }

    @Override
    public void onNext(GatewayMessage message) {
      received.add(message);
    }

    @Override
    public void onError(Throwable failure) {
      end.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }
  }
}
