package dev.tidewatch.control.request;

import com.google.rpc.Status;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.grpc.UnframedGrpcErrorHandler;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Every HTTP failure of the port leaves as {@link JsonFailure}, whatever raised it. */
public final class HttpFailures implements ServerErrorHandler {
  private static final String DETAILS = "grpc-status-details-bin";

  /** For failures of transcoded gRPC calls. */
  public static UnframedGrpcErrorHandler transcoded() {
    return (ctx, status, response) -> {
      Status full = details(response);
      Status answer = full == null ? plain(ctx.isTimedOut() ? Failures.TIMED_OUT : status) : full;
      return JsonFailure.of(answer, ctx.id().shortText()).toHttpResponse();
    };
  }

  /** A failure of an HTTP service of our own. */
  public static AggregatedHttpResponse response(StatusRuntimeException failure, String requestId) {
    Status status = StatusProto.fromThrowable(failure);
    return JsonFailure.of(status == null ? plain(failure.getStatus()) : status, requestId);
  }

  /** Nothing of its own: Armeria finds the status, and {@link #renderStatus} gives it its body. */
  @Override
  public @Nullable HttpResponse onServiceException(ServiceRequestContext ctx, Throwable cause) {
    return null;
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext ctx,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    return rendered(status, description, ctx);
  }

  @Override
  public AggregatedHttpResponse onProtocolViolation(
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    return rendered(status, description, null);
  }

  private static AggregatedHttpResponse rendered(
      HttpStatus status, @Nullable String description, @Nullable ServiceRequestContext ctx) {
    return JsonFailure.of(
        status,
        JsonFailure.sentence(status, description),
        ctx == null ? "-" : ctx.id().shortText());
  }

  private static Status plain(io.grpc.Status status) {
    String message = status.getDescription();
    return Status.newBuilder()
        .setCode(status.getCode().value())
        .setMessage(message == null ? status.getCode().name() : message)
        .build();
  }

  private static @Nullable Status details(AggregatedHttpResponse response) {
    String trailer = response.trailers().get(DETAILS);
    String encoded = trailer == null ? response.headers().get(DETAILS) : trailer;
    if (encoded == null) {
      return null;
    }
    try {
      return Status.parseFrom(Base64.getDecoder().decode(encoded));
    } catch (com.google.protobuf.InvalidProtocolBufferException | IllegalArgumentException e) {
      return null;
    }
  }
}
