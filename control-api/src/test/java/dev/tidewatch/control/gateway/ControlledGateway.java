package dev.tidewatch.control.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.control.GuardedServer;
import dev.tidewatch.control.database.DatabaseOptions;
import dev.tidewatch.control.database.LocalDatabases;
import dev.tidewatch.control.v1.*;
import dev.tidewatch.embedded.EmbeddedPostgres;
import dev.tidewatch.ingest.v1.GatewayMessage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;

/** A gateway with a control database and its control API, and the calls that tests make of both. */
final class ControlledGateway implements AutoCloseable {
  /** Seconds are meant; a machine that builds something else beside may take longer. */
  static final Duration CUT = Duration.ofSeconds(30);

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String kafka;
  private final DatabaseOptions database;
  private final Path directory;
  private final GuardedServer api;
  private Gateway gateway;

  ControlledGateway(EmbeddedPostgres postgres, String kafka, Path directory) throws Exception {
    this.kafka = kafka;
    this.database = LocalDatabases.options(postgres);
    this.directory = directory;
    this.api =
        GuardedServer.start(
            postgres,
            "http://127.0.0.1:1",
            directory,
            access -> access.withRequestsPerSecond(10_000));
    this.gateway = start();
  }

  private Gateway start() throws Exception {
    return Gateway.start(options(directory.resolve("gateway")).database(database).build());
  }

  /** Of a gateway with state of its own, alone so far. */
  GatewayOptions.Builder options(Path place) {
    return GatewayOptions.builder(place, kafka);
  }

  void restart() throws Exception {
    gateway.close();
    gateway = start();
  }

  @Override
  public void close() {
    gateway.close();
    api.close();
  }

  GuardedServer api() {
    return api;
  }

  Gateway gateway() {
    return gateway;
  }

  String kafka() {
    return kafka;
  }

  DatabaseOptions database() {
    return database;
  }

  String token(String tenant) throws Exception {
    return GuardedServer.read(
            api()
                .post(
                    "/v1/tenants/" + tenant + "/enrolmenttokens",
                    api().operatorKey,
                    CreateEnrolmentTokenRequest.newBuilder()
                        .setTenantId(tenant)
                        .setValidHours(1)
                        .build()),
            CreateEnrolmentTokenResponse.getDefaultInstance())
        .getSecret();
  }

  TestAgent enroll(String tenant) throws Exception {
    return TestAgent.enroll(gateway().port(), token(tenant));
  }

  Agent agent(String tenant, String id) throws Exception {
    return GuardedServer.read(
        api().get("/v1/tenants/" + tenant + "/agents/" + id, api().operatorKey),
        Agent.getDefaultInstance());
  }

  void tenant(String tenant, String verb) throws Exception {
    assertThat(
            api()
                .send("POST", "/v1/tenants/" + tenant + ":" + verb, api().operatorKey, "{}")
                .statusCode())
        .isEqualTo(200);
  }

  String sender(String tenant) throws Exception {
    return api()
        .createKey(tenant, Role.ROLE_ENGINEER, Permission.PERMISSION_TELEMETRY_SEND)
        .getSecret();
  }

  HttpResponse<String> ndjson(String key) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + gateway().localPort() + "/v1/telemetry"))
            .header("authorization", "Bearer " + key)
            .POST(HttpRequest.BodyPublishers.ofString("{\"a\":1}\n{\"a\":2}\n"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  void quotas(String tenant, String quotas) throws Exception {
    assertThat(
            api()
                .send(
                    "PUT",
                    "/v1/tenants/" + tenant + "/quotas",
                    api().operatorKey,
                    "{\"quotas\":" + quotas + "}")
                .statusCode())
        .isEqualTo(200);
  }

  static GatewayMessage until(TestAgent.Line line, Predicate<GatewayMessage> wanted) {
    GatewayMessage message = line.next();
    while (!wanted.test(message)) {
      message = line.next();
    }
    return message;
  }
}
