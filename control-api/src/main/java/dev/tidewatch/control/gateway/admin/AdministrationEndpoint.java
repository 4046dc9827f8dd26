package dev.tidewatch.control.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.gateway.command.Commands;
import dev.tidewatch.control.gateway.enrollment.EnrolledAgent;
import dev.tidewatch.control.gateway.http.Answers;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.CommandResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Administration as JSON, on the loopback port only, with {@code Authorization: Bearer KEY}:
 *
 * <pre>
 *   POST   tokens                 {"tenant", "valid_minutes"}           → {"token"}
 *   POST   api-keys               {"tenant", "label"}                   → {"key"}
 *   GET    agents                                                       → {"agents": […]}
 *   POST   agents/ID/revoke       {"reason"}                            → {}
 *   POST   agents/ID/commands     {"command": Command as JSON, "valid_seconds", "wait_seconds"}
 *                                                                       → {"command_id", "sent", "result"}
 * </pre>
 */
public final class AdministrationEndpoint implements HttpService {
  public static final String PATH = "/admin/v1/";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern OF_AGENT =
      Pattern.compile("agents/([0-9a-f-]{36})/(revoke|commands)");
  private static final int LONGEST_WAIT = 50;

  private final GatewayAdministration administration;
  private final byte[] key;

  public AdministrationEndpoint(GatewayAdministration administration, String key) {
    this.administration = administration;
    this.key = ("Bearer " + key).getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    if (ctx.sessionProtocol().isTls()) {
      return Answers.error(HttpStatus.NOT_FOUND, "no such resource");
    }
    String given = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
    if (!MessageDigest.isEqual(key, given.getBytes(StandardCharsets.UTF_8))) {
      return Answers.error(
          HttpStatus.UNAUTHORIZED,
          "send the content of admin.key in the gateway's directory as Authorization: Bearer KEY");
    }
    return HttpResponse.of(
        request
            .aggregate()
            .thenApplyAsync(whole -> answer(ctx, whole), ctx.blockingTaskExecutor()));
  }

  private HttpResponse answer(ServiceRequestContext ctx, AggregatedHttpRequest request) {
    String path = ctx.path().substring(PATH.length());
    try {
      if (request.method() == HttpMethod.GET && path.equals("agents")) {
        return Answers.json(HttpStatus.OK, agents());
      }
      if (request.method() != HttpMethod.POST) {
        return Answers.error(HttpStatus.NOT_FOUND, "no such resource");
      }
      return post(path, body(request));
    } catch (IllegalArgumentException | IOException e) {
      return Answers.error(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  private static JsonNode body(AggregatedHttpRequest request) throws IOException {
    JsonNode body = JSON.readTree(request.content().array());
    if (!body.isObject()) {
      throw new IllegalArgumentException("the body must be a JSON object");
    }
    return body;
  }

  private HttpResponse post(String path, JsonNode body) throws IOException {
    String tenant = body.path("tenant").asText();
    switch (path) {
      case "tokens":
        Duration validity = Duration.ofMinutes(within(body, "valid_minutes", 60, 60 * 24 * 30));
        return ok("token", administration.mintToken(tenant, validity));
      case "api-keys":
        return ok("key", administration.mintApiKey(tenant, body.path("label").asText()));
      default:
        Matcher agent = OF_AGENT.matcher(path);
        if (!agent.matches()) {
          return Answers.error(HttpStatus.NOT_FOUND, "no such resource");
        }
        return agent.group(2).equals("revoke")
            ? revoke(agent.group(1), body)
            : command(agent.group(1), body);
    }
  }

  private HttpResponse revoke(String agentId, JsonNode body) {
    return administration.revoke(agentId, body.path("reason").asText("revoked"))
        ? Answers.json(HttpStatus.OK, JsonNodeFactory.instance.objectNode())
        : Answers.error(HttpStatus.NOT_FOUND, "no such agent");
  }

  private HttpResponse command(String agentId, JsonNode body) throws IOException {
    Command.Builder wish = Command.newBuilder();
    JsonFormat.parser().merge(body.path("command").toString(), wish);
    Duration validity = Duration.ofSeconds(within(body, "valid_seconds", 300, 86_400));
    long wait = within(body, "wait_seconds", 10, LONGEST_WAIT);
    Commands.Issued issued = administration.command(agentId, wish.build(), validity);
    CompletableFuture<HttpResponse> answer =
        issued
            .result()
            .copy()
            .orTimeout(wait, TimeUnit.SECONDS)
            .handle((result, failure) -> answer(issued, failure == null ? result : null));
    return HttpResponse.of(answer);
  }

  private static HttpResponse answer(Commands.Issued issued, @Nullable CommandResult result) {
    ObjectNode answer =
        JsonNodeFactory.instance
            .objectNode()
            .put("command_id", issued.commandId())
            .put("sent", issued.sent());
    try {
      answer.set("result", result == null ? null : tree(result));
    } catch (IOException e) {
      return Answers.error(HttpStatus.INTERNAL_SERVER_ERROR, String.valueOf(e.getMessage()));
    }
    return Answers.json(HttpStatus.OK, answer);
  }

  private static long within(JsonNode body, String field, int otherwise, int most) {
    int value = body.path(field).asInt(otherwise);
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(field + ": must be from 1 to " + most);
    }
    return value;
  }

  private static HttpResponse ok(String field, String value) {
    return Answers.json(HttpStatus.OK, JsonNodeFactory.instance.objectNode().put(field, value));
  }

  private ObjectNode agents() throws IOException {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    var agents = list.putArray("agents");
    for (EnrolledAgent agent : administration.agents()) {
      ObjectNode one =
          agents
              .addObject()
              .put("agent_id", agent.agentId())
              .put("tenant", agent.tenant())
              .put("host", agent.host())
              .put("platform", agent.platform())
              .put("agent_version", agent.agentVersion())
              .put("enrolled", agent.enrolled().toString())
              .put("certificate_not_after", agent.certificateNotAfter().toString())
              .put("connected", administration.isConnected(agent.agentId()))
              .put("revoked", agent.revoked())
              .put("clone_fingerprint", agent.cloneFingerprint());
      var heartbeat = administration.heartbeat(agent.agentId());
      if (heartbeat.isPresent()) {
        one.set("heartbeat", tree(heartbeat.get()));
      }
    }
    return list;
  }

  private static JsonNode tree(com.google.protobuf.Message message) throws IOException {
    try {
      return JSON.readTree(JsonFormat.printer().preservingProtoFieldNames().print(message));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
