package dev.tidewatch.control.request;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.common.RequestId;
import dev.tidewatch.control.database.DatabaseUnavailableException;
import dev.tidewatch.store.InvalidPageTokenException;
import dev.tidewatch.store.StoreUnavailableException;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a caller is told of a failure: a status with a sentence of ours, and when to come back. What
 * the failure was in full goes to the log, under the request's id.
 */
public final class Failures {
  /** A store that was away answers again within about this time, or a caller asks again. */
  public static final Duration RETRY_DELAY = Duration.ofSeconds(1);

  /** For a call whose context says so: Armeria cancels it, and says only that. */
  public static final io.grpc.Status TIMED_OUT =
      io.grpc.Status.DEADLINE_EXCEEDED.withDescription("no answer within the server's time limit");

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  public static StatusRuntimeException statusOf(Throwable failure) {
    if (failure instanceof StatusRuntimeException status) {
      return status;
    }
    if (failure instanceof StatusException status) {
      return status.getStatus().asRuntimeException(status.getTrailers());
    }
    if (failure instanceof StoreUnavailableException) {
      LOG.warn("{}: the store is unavailable: {}", requestId(), failure.getMessage());
      return unavailable("the event store does not answer; nothing is lost, try again");
    }
    if (failure instanceof DatabaseUnavailableException) {
      LOG.warn("{}: the control database is unavailable", requestId(), failure);
      return unavailable("the control database does not answer; try again");
    }
    if (failure instanceof InvalidPageTokenException) {
      return FieldChecks.invalid("page_token", "is not a token of this list");
    }
    LOG.error("{}: internal error", requestId(), failure);
    return io.grpc.Status.INTERNAL
        .withDescription("internal error; the server's log has it under request " + requestId())
        .asRuntimeException();
  }

  /** A body that is no request of its method is the caller's mistake, whatever gRPC makes of it. */
  public static io.grpc.Status ofCall(io.grpc.Status status, Throwable cause) {
    return cause instanceof InvalidProtocolBufferException
        ? io.grpc.Status.INVALID_ARGUMENT.withDescription(
            "the body is no request of this method: " + cause.getMessage())
        : status;
  }

  /** UNAVAILABLE with a hint when to try again. */
  public static StatusRuntimeException unavailable(String message) {
    return retryable(Code.UNAVAILABLE, message);
  }

  /** A limit is reached that passes: slow reader, too many streams. */
  public static StatusRuntimeException exhausted(String message) {
    return retryable(Code.RESOURCE_EXHAUSTED, message);
  }

  public static StatusRuntimeException notFound(String message) {
    return io.grpc.Status.NOT_FOUND.withDescription(message).asRuntimeException();
  }

  /**
   * FAILED_PRECONDITION that a program can tell from others.
   *
   * @param reason in capitals, as {@code google.rpc.ErrorInfo} has it
   */
  public static StatusRuntimeException precondition(String reason, String message) {
    ErrorInfo info = ErrorInfo.newBuilder().setReason(reason).setDomain("tidewatch").build();
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(Code.FAILED_PRECONDITION.getNumber())
            .setMessage(message)
            .addDetails(Any.pack(info))
            .build());
  }

  private static StatusRuntimeException retryable(Code code, String message) {
    RetryInfo hint =
        RetryInfo.newBuilder().setRetryDelay(Durations.fromMillis(RETRY_DELAY.toMillis())).build();
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(message)
            .addDetails(Any.pack(hint))
            .build());
  }

  private static String requestId() {
    @Nullable RequestId id = RequestContext.mapCurrent(RequestContext::id, null);
    return id == null ? "-" : id.shortText();
  }
}
