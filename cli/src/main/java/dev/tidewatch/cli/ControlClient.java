package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/**
 * The control API of a running pipeline, for commands: its options, and calls in JSON. The key is
 * that of the environment, else the one that {@code up} leaves in its data directory.
 */
final class ControlClient {
  private static final String KEY_VARIABLE = "TIDEWATCH_API_KEY";
  private static final String KEY_FILE = "operator.key";
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  @Option(
      names = "--control",
      paramLabel = "URL",
      description = {
        "The control API. Default: that of the `up` that runs on --data.",
        "Its key: $$TIDEWATCH_API_KEY, else operator.key in --data."
      })
  String control = "";

  @Option(names = "--data", paramLabel = "DIR", description = "Data directory of the running `up`.")
  Path data = Installation.defaultData();

  @Option(
      names = "--as",
      paramLabel = "TENANT",
      defaultValue = "default",
      description = "Tenant on whose behalf the API is called. Default: ${DEFAULT-VALUE}.")
  String tenant = "default";

  /** That of the {@code up} on {@code data}, on behalf of a tenant. */
  static ControlClient local(Path data, String tenant) {
    ControlClient client = new ControlClient();
    client.data = data;
    client.tenant = tenant;
    return client;
  }

  ObjectNode body() {
    return json.createObjectNode();
  }

  /** One segment of a path. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  JsonNode post(String path, ObjectNode body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body))));
  }

  /**
   * @param path below the tenant's: {@code rules:deploy}
   */
  private HttpRequest.Builder request(String path) throws IOException {
    URI uri;
    try {
      uri = URI.create(address() + "v1/tenants/" + segment(tenant) + "/" + path);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(
          Tidewatch.USAGE, "--control " + control + ": " + e.getMessage());
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
    String key = key();
    if (!key.isEmpty()) {
      request.header("authorization", "Bearer " + key);
    }
    return request;
  }

  private String address() throws IOException {
    String url =
        control.isEmpty()
            ? RunningStack.find(data)
                .map(RunningStack::console)
                .orElseThrow(
                    () ->
                        new CommandFailedException(
                            "nothing runs on "
                                + data
                                + "; start `tidewatch up` first, or name --data or --control"))
            : control;
    return url.endsWith("/") ? url : url + "/";
  }

  private String key() throws IOException {
    String named = System.getenv(KEY_VARIABLE);
    if (named != null && !named.isBlank()) {
      return named.strip();
    }
    Path file = data.resolve(KEY_FILE);
    return Files.isRegularFile(file) ? Files.readString(file).strip() : "";
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response;
    try {
      response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new CommandFailedException("the control API does not answer: " + e);
    }
    if (response.statusCode() != 200) {
      throw new CommandFailedException(failure(response));
    }
    return json.readTree(response.body());
  }

  private String failure(HttpResponse<String> response) {
    String message = "";
    try {
      JsonNode body = json.readTree(response.body());
      message = body.path("message").asText();
    } catch (IOException notJson) {
      message = response.body();
    }
    return "the control API says %d: %s"
        .formatted(response.statusCode(), Printable.of(Printable.cut(message, 500)));
  }
}
