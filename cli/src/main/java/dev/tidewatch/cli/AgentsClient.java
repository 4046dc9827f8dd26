package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Agents of one tenant, through the control API. */
record AgentsClient(ControlClient api) {
  private static final long LOOK_MILLIS = 100;

  JsonNode list() throws IOException, InterruptedException {
    return api.get("agents?page_size=1000");
  }

  JsonNode revoke(String agent, String reason) throws IOException, InterruptedException {
    return api.post(
        "agents/" + ControlClient.segment(agent) + ":revoke", api.body().put("reason", reason));
  }

  /**
   * Sends a command and waits for its final result.
   *
   * @return the command as it was seen last
   */
  JsonNode send(String agent, ObjectNode command, Duration patience)
      throws IOException, InterruptedException {
    ObjectNode request = api.body();
    request.set("command", command);
    JsonNode sent = api.post("agents/" + ControlClient.segment(agent) + "/commands", request);
    String path = "agentcommands/" + sent.path("commandId").asText();
    long deadline = System.nanoTime() + patience.toNanos();
    JsonNode seen = api.get(path);
    while (seen.path("answeredMs").asLong() == 0 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      seen = api.get(path);
    }
    return seen;
  }

  /** A one-time token with which one agent may enrol. */
  String mintToken(int hours, String comment) throws IOException, InterruptedException {
    return api.post("enrolmenttokens", api.body().put("validHours", hours).put("comment", comment))
        .path("secret")
        .asText();
  }

  /** A key that may send telemetry and nothing else. */
  String mintSenderKey(String name, int days) throws IOException, InterruptedException {
    ObjectNode request = api.body().put("name", name).put("validDays", days);
    request.putArray("roles").add("ROLE_ENGINEER");
    request.putArray("scopes").add("PERMISSION_TELEMETRY_SEND");
    return api.post("apikeys", request).path("secret").asText();
  }
}
