package dev.tidewatch.control;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.tidewatch.control.database.DatabaseOptions;
import dev.tidewatch.control.database.LocalDatabases;
import dev.tidewatch.control.v1.CreateApiKeyRequest;
import dev.tidewatch.control.v1.CreateApiKeyResponse;
import dev.tidewatch.control.v1.CreateTenantRequest;
import dev.tidewatch.control.v1.Permission;
import dev.tidewatch.control.v1.Role;
import dev.tidewatch.embedded.EmbeddedPostgres;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.store.ClickHouseEndpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** A control API that asks who calls, on a PostgreSQL of a test. */
public final class GuardedServer implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final ControlServer server;
  private final String superuserUrl;
  public final String operatorKey;
  public final String operatorPassword;

  private GuardedServer(
      ControlServer server, String superuserUrl, String operatorKey, String operatorPassword) {
    this.server = server;
    this.superuserUrl = superuserUrl;
    this.operatorKey = operatorKey;
    this.operatorPassword = operatorPassword;
  }

  public static GuardedServer start(
      EmbeddedPostgres postgres,
      String clickHouseUrl,
      Path directory,
      UnaryOperator<AccessOptions.Required> access) {
    return start(postgres, clickHouseUrl, "127.0.0.1:1", directory, access);
  }

  public static GuardedServer start(
      EmbeddedPostgres postgres,
      String clickHouseUrl,
      String kafka,
      Path directory,
      UnaryOperator<AccessOptions.Required> access) {
    DatabaseOptions database = LocalDatabases.options(postgres);
    String password =
        LocalOperator.prepare(database, directory, Clock.systemUTC()).orElse("made before");
    Compilation none = new SigmaCompiler().compile(List.of());
    AccessOptions.Required required =
        AccessOptions.required(database, directory.resolve("signing.key"));
    ControlServer server =
        ControlServer.start(
            ControlOptions.builder(ClickHouseEndpoint.of(clickHouseUrl), kafka, () -> none)
                .access(access.apply(required))
                .evidenceDirectory(directory.resolve("gateway").resolve("evidence"))
                .build());
    return new GuardedServer(
        server,
        LocalDatabases.superuserUrl(postgres),
        LocalOperator.key(directory).orElseThrow(),
        password);
  }

  public int port() {
    return server.port();
  }

  public void createTenant(String tenant) throws Exception {
    HttpResponse<String> answer =
        post(
            "/v1/tenants",
            operatorKey,
            CreateTenantRequest.newBuilder().setTenantId(tenant).setDisplayName(tenant).build());
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.body());
    }
  }

  /** A new key, made by the operator. */
  public CreateApiKeyResponse createKey(String tenant, Role role, Permission... scopes)
      throws Exception {
    HttpResponse<String> answer =
        post(
            "/v1/tenants/" + tenant + "/apikeys",
            operatorKey,
            CreateApiKeyRequest.newBuilder()
                .setTenantId(tenant)
                .setName("of " + role)
                .addRoles(role)
                .addAllScopes(List.of(scopes))
                .setValidDays(1)
                .build());
    return read(answer, CreateApiKeyResponse.getDefaultInstance());
  }

  public HttpResponse<String> get(String path, String key) throws Exception {
    return send("GET", path, key, "");
  }

  public HttpResponse<String> post(String path, String key, Message body, String... headers)
      throws Exception {
    return send("POST", path, key, JsonFormat.printer().print(body), headers);
  }

  /**
   * @param key for {@code authorization}; empty for none
   */
  public HttpResponse<String> send(
      String method, String path, String key, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .header("content-type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!key.isEmpty()) {
      request.header("authorization", "Bearer " + key);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @SuppressWarnings("unchecked")
  public static <M extends Message> M read(HttpResponse<String> answer, M prototype)
      throws Exception {
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    Message.Builder builder = prototype.newBuilderForType();
    JsonFormat.parser().merge(answer.body(), builder);
    return (M) builder.build();
  }

  /** Past every policy. */
  public Handle superuser() {
    return Jdbi.create(superuserUrl).open();
  }

  @Override
  public void close() {
    server.close();
  }
}
