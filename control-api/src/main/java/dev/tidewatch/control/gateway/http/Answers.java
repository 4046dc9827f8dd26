package dev.tidewatch.control.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.time.Duration;

/** Answers in JSON. */
public final class Answers {
  private Answers() {}

  public static HttpResponse json(HttpStatus status, JsonNode body) {
    return HttpResponse.of(status, MediaType.JSON_UTF_8, body + "\n");
  }

  /** {@code {"error": …}}. */
  public static HttpResponse error(HttpStatus status, String message) {
    return json(status, body(message));
  }

  /** The same with {@code Retry-After} in whole seconds, at least one. */
  public static HttpResponse retry(HttpStatus status, Duration after, String message) {
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(status)
            .contentType(MediaType.JSON_UTF_8)
            .set(HttpHeaderNames.RETRY_AFTER, Long.toString(seconds(after)));
    return HttpResponse.of(headers.build(), HttpData.ofUtf8(body(message) + "\n"));
  }

  public static long seconds(Duration after) {
    return Math.max(1, (after.toMillis() + 999) / 1_000);
  }

  private static JsonNode body(String message) {
    return JsonNodeFactory.instance.objectNode().put("error", message);
  }
}
