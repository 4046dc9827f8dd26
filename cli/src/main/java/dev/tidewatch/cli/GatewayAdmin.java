package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Administration of a gateway that runs on this machine, with the key in its directory. */
final class GatewayAdmin {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private final URI local;
  private final String key;

  private GatewayAdmin(URI local, String key) {
    this.local = local;
    this.key = key;
  }

  /**
   * @param directory the gateway's own
   * @throws CommandFailedException when no gateway runs on it
   */
  static GatewayAdmin find(Path directory) throws IOException {
    Path where = directory.resolve("gateway.json");
    if (!Files.isRegularFile(where)) {
      throw new CommandFailedException(
          "no gateway runs on " + directory + "; start tidewatch up, or name its --directory");
    }
    JsonNode running = JSON.readTree(Files.readAllBytes(where));
    return new GatewayAdmin(
        URI.create(running.path("local").asText() + "/admin/v1/"),
        Files.readString(directory.resolve("admin.key")).strip());
  }

  /** GET when there is no body, else POST; the gateway's error is the command's. */
  JsonNode ask(String path, String body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(local.resolve(path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + key);
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                body.isEmpty()
                    ? request.build()
                    : request.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    JsonNode json = JSON.readTree(answer.body());
    if (answer.statusCode() != 200) {
      throw new CommandFailedException("the gateway says: " + json.path("error").asText());
    }
    return json;
  }
}
