package dev.tidewatch.control.gateway.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.AbstractHttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.gateway.http.Answers;
import dev.tidewatch.control.gateway.http.ApiKeys;
import dev.tidewatch.control.gateway.http.Bodies;
import dev.tidewatch.control.gateway.http.KeyedIngest.Outcome;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** OTLP/HTTP for logs, {@code POST /v1/logs}: protobuf or JSON, answered in kind. */
public final class OtlpHttpEndpoint extends AbstractHttpService {
  private static final MediaType PROTOBUF = MediaType.parse("application/x-protobuf");
  private final ApiKeys keys;
  private final LogExports exports;
  private final Bodies bodies;

  public OtlpHttpEndpoint(ApiKeys keys, LogExports exports, Bodies bodies) {
    this.keys = keys;
    this.exports = exports;
    this.bodies = bodies;
  }

  @Override
  protected HttpResponse doPost(ServiceRequestContext ctx, HttpRequest request) {
    return keys.withTenant(ctx, request.headers(), tenant -> answer(ctx, request, tenant));
  }

  private HttpResponse answer(ServiceRequestContext ctx, HttpRequest request, String tenant) {
    @Nullable MediaType type = request.contentType();
    boolean json = type != null && type.is(MediaType.JSON);
    if (type == null || !(json || type.is(PROTOBUF))) {
      return Answers.error(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "content-type: must be application/x-protobuf or application/json");
    }
    return HttpResponse.of(
        request
            .aggregate()
            .thenApplyAsync(whole -> answer(tenant, whole, json), ctx.blockingTaskExecutor()));
  }

  private HttpResponse answer(String tenant, AggregatedHttpRequest request, boolean json) {
    ExportLogsServiceRequest export;
    try {
      byte[] body = bodies.read(request);
      export = json ? fromJson(body) : ExportLogsServiceRequest.parseFrom(body);
    } catch (Bodies.UnreadableBodyException e) {
      return e.answer();
    } catch (InvalidProtocolBufferException e) {
      return Answers.error(
          HttpStatus.BAD_REQUEST, "no ExportLogsServiceRequest: " + e.getMessage());
    }
    return HttpResponse.of(
        exports.export(tenant, export).thenApply(exported -> answer(exported, json)));
  }

  /** Trace ids are hex in OTLP's JSON where protobuf's has Base64; see {@link TraceIds}. */
  private static ExportLogsServiceRequest fromJson(byte[] body)
      throws InvalidProtocolBufferException {
    ExportLogsServiceRequest.Builder export = ExportLogsServiceRequest.newBuilder();
    JsonFormat.parser()
        .ignoringUnknownFields()
        .merge(new String(body, StandardCharsets.UTF_8), export);
    return TraceIds.fromJson(export.build());
  }

  private static HttpResponse answer(LogExports.Exported exported, boolean json) {
    if (exported.outcome() instanceof Outcome.OverQuota over) {
      return Answers.retry(
          HttpStatus.TOO_MANY_REQUESTS, over.retryAfter(), "the tenant is over its quota");
    }
    if (exported.outcome() instanceof Outcome.Busy busy) {
      return Answers.retry(HttpStatus.SERVICE_UNAVAILABLE, busy.retryAfter(), busy.reason());
    }
    return json
        ? HttpResponse.of(HttpStatus.OK, MediaType.JSON, printed(exported.response()))
        : HttpResponse.of(HttpStatus.OK, PROTOBUF, exported.response().toByteArray());
  }

  private static String printed(ExportLogsServiceResponse response) {
    try {
      return JsonFormat.printer().omittingInsignificantWhitespace().print(response);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
