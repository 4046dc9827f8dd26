package dev.tidewatch.control.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import dev.tidewatch.control.gateway.ingest.Quota;
import dev.tidewatch.control.gateway.syslog.SyslogListener;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.ingest.v1.AgentMessage;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.CommandResult;
import dev.tidewatch.ingest.v1.CommandStatus;
import dev.tidewatch.ingest.v1.EvidenceChunk;
import dev.tidewatch.ingest.v1.SignedCommand;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.resources.Resource;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** HTTP, OpenTelemetry, syslog and commands, against a real Kafka. */
class WaysInIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @TempDir static Path directory;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    KAFKA.kafka().createTopic(Topics.TELEMETRY, 1);
    gateway =
        Gateway.start(
            GatewayOptions.builder(directory.resolve("gateway"), KAFKA.bootstrapServers())
                .syslog(
                    List.of(
                        new SyslogListener(0, false, "syslog-tcp", ZoneOffset.UTC),
                        new SyslogListener(0, true, "syslog-tls", ZoneOffset.UTC)))
                .quotas(
                    tenant ->
                        tenant.equals("small")
                            ? new Quota(10, 0, Duration.ofSeconds(1))
                            : Quota.UNLIMITED)
                .build());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static List<TelemetryEvent> events(String tenant) {
    return Telemetry.of(KAFKA.bootstrapServers(), tenant);
  }

  private static String key(String tenant) {
    return gateway.administration().mintApiKey(tenant, "test");
  }

  private static HttpResponse<String> post(String path, byte[] body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.localPort() + path))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] bytes) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void ndjsonIsTakenLineByLine() throws Exception {
    String bearer = "Bearer " + key("http");
    byte[] body = bytes("{\"Computer\":\"dc-1\",\"n\":1}\n\nno json\n{\"n\":2}\r\n[3]\n{\"n\":4}");
    HttpResponse<String> answer =
        post("/v1/telemetry?host=&product=windows", body, "Authorization", bearer);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode report = JSON.readTree(answer.body());
    assertThat(report.path("accepted").asInt()).isEqualTo(3);
    assertThat(report.path("rejected"))
        .extracting(line -> line.path("line").asInt())
        .containsExactly(3, 5);
    List<TelemetryEvent> events = events("http");
    assertThat(events)
        .extracting(event -> event.getPayload().toStringUtf8().strip())
        .containsExactly("{\"Computer\":\"dc-1\",\"n\":1}", "{\"n\":2}", "{\"n\":4}");
    assertThat(events.get(0).getHost()).isEqualTo("dc-1");
    assertThat(events.get(0).getSource().getProduct()).isEqualTo("windows");

    assertThat(
            post(
                    "/v1/telemetry",
                    gzip(bytes("{\"n\":5}")),
                    "X-API-Key",
                    bearer.substring(7),
                    "Content-Encoding",
                    "gzip")
                .statusCode())
        .isEqualTo(200);
    assertThat(
            post(
                    "/v1/telemetry",
                    Zstd.compress(bytes("{\"n\":6}")),
                    "X-API-Key",
                    bearer.substring(7),
                    "Content-Encoding",
                    "zstd")
                .statusCode())
        .isEqualTo(200);
    assertThat(events("http")).hasSize(5);
  }

  @Test
  void whatHttpRefusesItSaysWhy() throws Exception {
    String key = key("strict");
    assertThat(post("/v1/telemetry", bytes("{}")).statusCode()).isEqualTo(401);
    assertThat(post("/v1/telemetry", bytes("{}"), "X-API-Key", "twk_wrong").statusCode())
        .isEqualTo(401);
    assertThat(post("/v1/telemetry", bytes("nothing\n"), "X-API-Key", key).statusCode())
        .isEqualTo(400);
    assertThat(
            post("/v1/telemetry", bytes("{}"), "X-API-Key", key, "Content-Encoding", "br")
                .statusCode())
        .isEqualTo(415);
    assertThat(
            post("/v1/telemetry", bytes("{}"), "X-API-Key", key, "Content-Encoding", "gzip")
                .statusCode())
        .isEqualTo(400);
    assertThat(post("/v1/telemetry", new byte[5 << 20], "X-API-Key", key).statusCode())
        .isEqualTo(413);
    for (byte[] bomb : List.of(gzip(new byte[64 << 20]), Zstd.compress(new byte[64 << 20]))) {
      String encoding = bomb[0] == 0x1f ? "gzip" : "zstd";
      assertThat(
              post("/v1/telemetry", bomb, "X-API-Key", key, "Content-Encoding", encoding)
                  .statusCode())
          .isEqualTo(413);
    }
    String deep = "{\"a\":".repeat(100) + "1" + "}".repeat(100);
    assertThat(post("/v1/telemetry", bytes(deep), "X-API-Key", key).statusCode()).isEqualTo(400);
    assertThat(gateway.administration().withdrawApiKey(key)).isTrue();
    assertThat(post("/v1/telemetry", bytes("{}"), "X-API-Key", key).statusCode()).isEqualTo(401);
    assertThat(events("strict")).isEmpty();
  }

  @Test
  void overTheQuotaHttpIsAskedToWait() throws Exception {
    String key = key("small");
    byte[] body = bytes("{\"n\":1}\n".repeat(30));
    assertThat(post("/v1/telemetry", body, "X-API-Key", key).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = post("/v1/telemetry", body, "X-API-Key", key);
    assertThat(refused.statusCode()).isEqualTo(429);
    int after = Integer.parseInt(refused.headers().firstValue("retry-after").orElseThrow());
    assertThat(after).isBetween(1, 3);
    HttpResponse<String> logs =
        post("/v1/logs", bytes("{}"), "X-API-Key", key, "Content-Type", "application/json");
    assertThat(logs.statusCode()).isEqualTo(429);
  }

  @Test
  void anUnmodifiedOpenTelemetryExporterIsUnderstood() {
    for (boolean grpc : List.of(true, false)) {
      String tenant = grpc ? "otlp-grpc" : "otlp-http";
      String url = "http://127.0.0.1:" + gateway.localPort();
      LogRecordExporter exporter =
          grpc
              ? OtlpGrpcLogRecordExporter.builder()
                  .setEndpoint(url)
                  .setCompression("gzip")
                  .addHeader("authorization", "Bearer " + key(tenant))
                  .build()
              : OtlpHttpLogRecordExporter.builder()
                  .setEndpoint(url + "/v1/logs")
                  .setCompression("gzip")
                  .addHeader("authorization", "Bearer " + key(tenant))
                  .build();
      SdkLoggerProvider provider =
          SdkLoggerProvider.builder()
              .setResource(
                  Resource.builder().put("host.name", "app-7").put("service.name", "shop").build())
              .addLogRecordProcessor(BatchLogRecordProcessor.builder(exporter).build())
              .build();
      var logger = provider.get("test");
      logger.logRecordBuilder().setBody("{\"Channel\":\"Security\",\"EventID\":4625}").emit();
      logger
          .logRecordBuilder()
          .setBody("<86>ignored here")
          .setAttribute(AttributeKey.stringKey("appname"), "sshd")
          .setAttribute(AttributeKey.stringKey("message"), "Failed password for root")
          .setAttribute(AttributeKey.stringKey("hostname"), "bastion")
          .emit();
      logger.logRecordBuilder().setBody("plain text").setSeverityText("WARN").emit();
      assertThat(provider.shutdown().join(60, TimeUnit.SECONDS).isSuccess()).isTrue();
      List<TelemetryEvent> events = events(tenant);
      assertThat(events).hasSize(3);
      assertThat(events).extracting(TelemetryEvent::getHost).containsOnly("app-7");
      assertThat(events.get(0).getPayload().toStringUtf8())
          .isEqualTo("{\"Channel\":\"Security\",\"EventID\":4625}");
      assertThat(source(events.get(1))).isEqualTo(new LogSource("linux", "", "sshd"));
      JsonNode plain = tree(events.get(2));
      assertThat(plain.path("message").asText()).isEqualTo("plain text");
      assertThat(plain.path("severity").asText()).isEqualTo("WARN");
      assertThat(plain.path("resource").path("service.name").asText()).isEqualTo("shop");
    }
  }

  @Test
  void otlpAsJsonIsUnderstoodToo() throws Exception {
    String body =
        """
        {"resourceLogs":[{"resource":{"attributes":[{"key":"host.name","value":{"stringValue":"h"}}]},
         "scopeLogs":[{"logRecords":[{"timeUnixNano":"1700000000000000000",
         "traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174",
         "body":{"kvlistValue":{"values":[{"key":"a","value":{"intValue":"1"}}]}}}]}]}]}\
        """;
    HttpResponse<String> answer =
        post(
            "/v1/logs",
            bytes(body),
            "X-API-Key",
            key("otlp-json"),
            "Content-Type",
            "application/json");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode event = tree(events("otlp-json").get(0));
    assertThat(event.path("a").asInt()).isEqualTo(1);
    assertThat(event.path("trace_id").asText()).isEqualTo("5b8efff798038103d269b633813fc60c");
    assertThat(
            post(
                    "/v1/logs",
                    bytes("{"),
                    "X-API-Key",
                    key("otlp-json"),
                    "Content-Type",
                    "application/json")
                .statusCode())
        .isEqualTo(400);
    assertThat(
            post(
                    "/v1/logs",
                    new byte[] {8, 8, 8},
                    "X-API-Key",
                    key("otlp-json"),
                    "Content-Type",
                    "application/x-protobuf")
                .statusCode())
        .isEqualTo(400);
    assertThat(
            post(
                    "/v1/logs",
                    bytes("{}"),
                    "X-API-Key",
                    key("otlp-json"),
                    "Content-Type",
                    "text/plain")
                .statusCode())
        .isEqualTo(415);
  }

  private static LogSource source(TelemetryEvent event) throws AssertionError {
    try {
      return EventDocument.parse(event).logSource();
    } catch (dev.tidewatch.events.MalformedEventException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode tree(TelemetryEvent event) {
    try {
      return JSON.readTree(event.getPayload().toByteArray());
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void syslogComesInLinesAndInCountedFrames() throws Exception {
    String modern =
        "<86>1 2026-11-21T10:00:00.5Z bastion sshd 4711 - [x@1 k=\"v \\\"q\\\"\"] Failed password"
            + " for root";
    try (Socket socket = new Socket("127.0.0.1", gateway.syslogPorts().get(0))) {
      OutputStream out = socket.getOutputStream();
      out.write(bytes("<38>Nov 21 09:59:59 web-1 sudo[12]: root : COMMAND=/bin/sh\n"));
      out.write(bytes(bytes(modern).length + " " + modern));
      out.write(bytes("x".repeat(70_000) + "\n"));
      out.write(
          bytes(
              "<134>Nov 21 10:00:01 fw CEF:0|Acme|Wall|1|100|drop|5|src=10.0.0.1 dpt=22 msg=a b\\=c"
                  + " act=deny\n"));
      out.write(bytes("\u0000\u0001\u00ff binary\n"));
      out.write(bytes("<13>last line without end"));
      out.flush();
      socket.shutdownOutput();
      await().atMost(60, TimeUnit.SECONDS).until(() -> events("syslog-tcp").size() == 5);
    }
    List<TelemetryEvent> events = events("syslog-tcp");
    assertThat(source(events.get(0))).isEqualTo(new LogSource("linux", "", "sudo"));
    assertThat(tree(events.get(0)).path("timestamp").asText()).endsWith("-11-21T09:59:59Z");
    assertThat(source(events.get(1))).isEqualTo(new LogSource("linux", "", "sshd"));
    assertThat(events.get(1).getHost()).isEqualTo("bastion");
    JsonNode ssh = tree(events.get(1));
    assertThat(ssh.path("message").asText()).isEqualTo("Failed password for root");
    assertThat(ssh.path("structured_data").path("x@1").path("k").asText()).isEqualTo("v \"q\"");
    assertThat(ssh.path("facility").asText()).isEqualTo("authpriv");
    JsonNode cef = tree(events.get(2));
    assertThat(cef.path("src_ip").asText()).isEqualTo("10.0.0.1");
    assertThat(cef.path("msg").asText()).isEqualTo("a b=c");
    assertThat(cef.path("action").asText()).isEqualTo("deny");
    assertThat(tree(events.get(4)).path("message").asText()).isEqualTo("last line without end");
  }

  @Test
  void syslogOverTls() throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    var keys = java.security.KeyStore.getInstance(java.security.KeyStore.getDefaultType());
    keys.load(null, null);
    keys.setCertificateEntry(
        "ca",
        TestAgent.certificate(
            com.google.protobuf.ByteString.copyFrom(
                dev.tidewatch.control.gateway.enrollment.Pem.certificate(
                        directory.resolve("gateway/ca.pem"))
                    .getEncoded())));
    trust.init(keys);
    SSLContext tls = SSLContext.getInstance("TLS");
    TrustManager[] managers = trust.getTrustManagers();
    tls.init(null, managers, null);
    try (Socket socket =
        tls.getSocketFactory().createSocket("127.0.0.1", gateway.syslogPorts().get(1))) {
      socket.getOutputStream().write(bytes("<38>Nov 21 09:59:59 web-1 su: root\n"));
      socket.getOutputStream().flush();
      await().atMost(60, TimeUnit.SECONDS).until(() -> events("syslog-tls").size() == 1);
    }
    assertThat(source(events("syslog-tls").get(0))).isEqualTo(new LogSource("linux", "", "auth"));
  }

  @Test
  void loggerReachesKafka() throws Exception {
    Path logger = Path.of("/usr/bin/logger");
    Assumptions.assumeTrue(Files.isExecutable(logger), "no logger here");
    int before = events("syslog-tcp").size();
    Process process =
        new ProcessBuilder(
                logger.toString(),
                "--server",
                "127.0.0.1",
                "--port",
                Integer.toString(gateway.syslogPorts().get(0)),
                "--tcp",
                "--rfc5424",
                "-t",
                "sshd",
                "Accepted publickey")
            .inheritIO()
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(
            () ->
                events("syslog-tcp").stream()
                    .anyMatch(e -> e.getPayload().toStringUtf8().contains("Accepted publickey")));
    assertThat(events("syslog-tcp").size()).isGreaterThan(before);
  }

  @Test
  void commandsGoDownSignedAndResultsComeUp() throws Exception {
    try (TestAgent agent = TestAgent.enroll(gateway, "respond")) {
      String id = agent.enrollment.getAgentId();
      TestAgent.Line line = agent.connect((byte) 1, 0);
      String admin = Files.readString(directory.resolve("gateway/admin.key"));
      var answer =
          HTTP.sendAsync(
              HttpRequest.newBuilder(
                      URI.create(
                          "http://127.0.0.1:%d/admin/v1/agents/%s/commands"
                              .formatted(gateway.localPort(), id)))
                  .header("Authorization", "Bearer " + admin)
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"command\":{\"dryRun\":true,\"collectPath\":{\"path\":\"/etc/hosts\"}}}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      SignedCommand signed = line.next().getCommand();
      Signature ed25519 = Signature.getInstance("Ed25519");
      ed25519.initVerify(
          KeyFactory.getInstance("Ed25519")
              .generatePublic(
                  new X509EncodedKeySpec(
                      agent.enrollment.getCommandKeys(0).getPublicKey().toByteArray())));
      ed25519.update(bytes("tidewatch.command.v1\0"));
      ed25519.update(signed.getCommand().toByteArray());
      assertThat(ed25519.verify(signed.getSignature().toByteArray())).isTrue();
      Command command = Command.parseFrom(signed.getCommand());
      assertThat(command.getAgentId()).isEqualTo(id);
      assertThat(command.getTenantId()).isEqualTo("respond");
      assertThat(command.getDryRun()).isTrue();
      assertThat(command.getExpiresTimeUs()).isGreaterThan(command.getIssuedTimeUs());
      assertThat(command.getNonce().size()).isEqualTo(16);

      // Evidence goes where it belongs, and nowhere else.
      EvidenceChunk chunk =
          EvidenceChunk.newBuilder()
              .setCommandId(command.getCommandId())
              .setUploadId("u-1")
              .setData(com.google.protobuf.ByteString.copyFromUtf8("127.0.0.1"))
              .setLast(true)
              .build();
      line.send(AgentMessage.newBuilder().setEvidence(chunk).build());
      assertThat(line.next().getEvidenceAcknowledgement().getReceivedBytes()).isEqualTo(9);
      assertThat(
              directory
                  .resolve("gateway/evidence/respond")
                  .resolve(id)
                  .resolve(command.getCommandId())
                  .resolve("u-1"))
          .hasContent("127.0.0.1");
      for (EvidenceChunk bad :
          List.of(
              chunk.toBuilder().setUploadId("../../x").build(),
              chunk.toBuilder().setCommandId("other").build(),
              chunk.toBuilder().setUploadId("u2").setOffset(Long.MAX_VALUE - 1).build())) {
        line.send(AgentMessage.newBuilder().setEvidence(bad).build());
        assertThat(line.next().getEvidenceAcknowledgement().getRefused()).isNotEmpty();
      }
      line.send(
          AgentMessage.newBuilder()
              .setCommandResult(
                  CommandResult.newBuilder()
                      .setCommandId(command.getCommandId())
                      .setStatus(CommandStatus.COMMAND_STATUS_SUCCEEDED)
                      .setCode("would-do"))
              .build());
      JsonNode result = JSON.readTree(answer.get(60, TimeUnit.SECONDS).body());
      assertThat(result.path("result").path("code").asText()).isEqualTo("would-do");
      assertThat(Files.readString(directory.resolve("gateway/commands.ndjson")))
          .contains("would-do", command.getCommandId());
    }
  }

  @Test
  void administrationNeedsItsKeyAndTheLoopbackPort() throws Exception {
    assertThat(post("/admin/v1/tokens", bytes("{\"tenant\":\"acme\"}")).statusCode())
        .isEqualTo(401);
    String admin = "Bearer " + Files.readString(directory.resolve("gateway/admin.key"));
    HttpResponse<String> token =
        post("/admin/v1/tokens", bytes("{\"tenant\":\"acme\"}"), "Authorization", admin);
    assertThat(JSON.readTree(token.body()).path("token").asText()).startsWith("tw1.");
    assertThat(
            post("/admin/v1/tokens", bytes("{\"tenant\":\"../x\"}"), "Authorization", admin)
                .statusCode())
        .isEqualTo(400);
    String overTls =
        com.linecorp.armeria.client.WebClient.builder("https://127.0.0.1:" + gateway.port())
            .factory(TestAgent.factory(null))
            .addHeader("authorization", admin)
            .build()
            .blocking()
            .get("/admin/v1/agents")
            .status()
            .codeAsText();
    assertThat(overTls).isEqualTo("404");
  }
}
