package dev.tidewatch.control.gateway.otlp;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.database.DatabaseUnavailableException;
import dev.tidewatch.control.gateway.http.Answers;
import dev.tidewatch.control.gateway.http.ApiKeys;
import dev.tidewatch.control.gateway.http.KeyedIngest.Outcome;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc.LogsServiceImplBase;
import java.util.Optional;

/** OTLP/gRPC for logs, with an API key in the metadata. */
public final class OtlpGrpcEndpoint extends LogsServiceImplBase {
  private final ApiKeys keys;
  private final LogExports exports;

  public OtlpGrpcEndpoint(ApiKeys keys, LogExports exports) {
    this.keys = keys;
    this.exports = exports;
  }

  @Override
  public void export(
      ExportLogsServiceRequest request, StreamObserver<ExportLogsServiceResponse> answer) {
    Optional<String> tenant;
    try {
      tenant = keys.tenant(ServiceRequestContext.current().request().headers());
    } catch (DatabaseUnavailableException e) {
      answer.onError(
          retry(
              Code.UNAVAILABLE,
              "whose key it is cannot be told now",
              java.time.Duration.ofSeconds(5)));
      return;
    }
    if (tenant.isEmpty()) {
      answer.onError(
          io.grpc.Status.UNAUTHENTICATED
              .withDescription("send an API key as authorization: Bearer KEY")
              .asRuntimeException());
      return;
    }
    var unused =
        exports
            .export(tenant.get(), request)
            .whenComplete(
                (exported, failure) -> {
                  if (failure != null) {
                    answer.onError(io.grpc.Status.INTERNAL.asRuntimeException());
                  } else {
                    respond(exported, answer);
                  }
                });
  }

  private static void respond(
      LogExports.Exported exported, StreamObserver<ExportLogsServiceResponse> answer) {
    if (exported.outcome() instanceof Outcome.OverQuota over) {
      answer.onError(
          retry(Code.RESOURCE_EXHAUSTED, "the tenant is over its quota", over.retryAfter()));
    } else if (exported.outcome() instanceof Outcome.Busy busy) {
      answer.onError(retry(Code.UNAVAILABLE, busy.reason(), busy.retryAfter()));
    } else {
      answer.onNext(exported.response());
      answer.onCompleted();
    }
  }

  /** Only with RetryInfo does an exporter try again after RESOURCE_EXHAUSTED. */
  private static StatusRuntimeException retry(Code code, String message, java.time.Duration after) {
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(message)
            .addDetails(
                Any.pack(
                    RetryInfo.newBuilder()
                        .setRetryDelay(Duration.newBuilder().setSeconds(Answers.seconds(after)))
                        .build()))
            .build());
  }
}
