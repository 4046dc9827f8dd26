package dev.tidewatch.control.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import io.grpc.Status.Code;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A failure as JSON, in the shape of {@code google.rpc.Status} made flat:
 *
 * <pre>{"code": 3, "status": "INVALID_ARGUMENT", "message": "...", "requestId": "...",
 *  "violations": [{"field": "page_size", "description": "..."}], "retryAfterMs": 1000}</pre>
 *
 * {@code violations}, {@code retryAfterMs} and {@code reason} only where they apply.
 */
public final class JsonFailure {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpStatus httpStatus;
  private final ObjectNode body = JSON.createObjectNode();
  private long retryAfterMillis;

  private JsonFailure(HttpStatus httpStatus, Code code, String message, String requestId) {
    this.httpStatus = httpStatus;
    body.put("code", code.value());
    body.put("status", code.name());
    body.put("message", message);
    body.put("requestId", requestId);
  }

  /** A failure that HTTP knows but gRPC was not asked about: no such page, request too large. */
  public static AggregatedHttpResponse of(HttpStatus status, String message, String requestId) {
    return new JsonFailure(status, codeOf(status), message, requestId).response();
  }

  /** A status that a service answered with, as {@code google.rpc} carries it. */
  public static AggregatedHttpResponse of(Status status, String requestId) {
    Code code = io.grpc.Status.fromCodeValue(status.getCode()).getCode();
    JsonFailure failure = new JsonFailure(httpStatusOf(code), code, status.getMessage(), requestId);
    status.getDetailsList().forEach(failure::detail);
    return failure.response();
  }

  private void detail(Any detail) {
    try {
      if (detail.is(BadRequest.class)) {
        violations(detail.unpack(BadRequest.class));
      } else if (detail.is(RetryInfo.class)) {
        retryAfterMillis = Durations.toMillis(detail.unpack(RetryInfo.class).getRetryDelay());
        body.put("retryAfterMs", retryAfterMillis);
      } else if (detail.is(ErrorInfo.class)) {
        body.put("reason", detail.unpack(ErrorInfo.class).getReason());
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a detail of our own status does not parse", e);
    }
  }

  private void violations(BadRequest request) {
    ArrayNode violations = body.putArray("violations");
    for (BadRequest.FieldViolation violation : request.getFieldViolationsList()) {
      violations
          .addObject()
          .put("field", violation.getField())
          .put("description", violation.getDescription());
    }
  }

  private AggregatedHttpResponse response() {
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(httpStatus)
            .contentType(MediaType.JSON_UTF_8)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    if (retryAfterMillis > 0) {
      headers.setLong(HttpHeaderNames.RETRY_AFTER, (retryAfterMillis + 999) / 1000);
    }
    return AggregatedHttpResponse.of(headers.build(), HttpData.wrap(bytes(body)));
  }

  private static byte[] bytes(ObjectNode body) {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As google.api.http maps them. */
  static HttpStatus httpStatusOf(Code code) {
    return switch (code) {
      case OK -> HttpStatus.OK;
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> HttpStatus.BAD_REQUEST;
      case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
      case PERMISSION_DENIED -> HttpStatus.FORBIDDEN;
      case NOT_FOUND -> HttpStatus.NOT_FOUND;
      case ABORTED, ALREADY_EXISTS -> HttpStatus.CONFLICT;
      case RESOURCE_EXHAUSTED -> HttpStatus.TOO_MANY_REQUESTS;
      case CANCELLED -> HttpStatus.CLIENT_CLOSED_REQUEST;
      case UNIMPLEMENTED -> HttpStatus.NOT_IMPLEMENTED;
      case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
      case DEADLINE_EXCEEDED -> HttpStatus.GATEWAY_TIMEOUT;
      case UNKNOWN, INTERNAL, DATA_LOSS -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }

  private static Code codeOf(HttpStatus status) {
    return switch (status.code()) {
      case 401 -> Code.UNAUTHENTICATED;
      case 403, 421 -> Code.PERMISSION_DENIED;
      case 404 -> Code.NOT_FOUND;
      case 405, 501 -> Code.UNIMPLEMENTED;
      case 413, 414, 429, 431 -> Code.RESOURCE_EXHAUSTED;
      case 503 -> Code.UNAVAILABLE;
      case 504 -> Code.DEADLINE_EXCEEDED;
      default -> status.isClientError() ? Code.INVALID_ARGUMENT : Code.INTERNAL;
    };
  }

  /** {@code Not Found} as a sentence would have it. */
  static String sentence(HttpStatus status, @Nullable String description) {
    return description == null || description.isBlank()
        ? status.reasonPhrase().toLowerCase(Locale.ROOT)
        : description;
  }
}
