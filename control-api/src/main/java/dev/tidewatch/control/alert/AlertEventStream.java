package dev.tidewatch.control.alert;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.access.Standing;
import dev.tidewatch.control.request.HttpFailures;
import dev.tidewatch.control.request.QueryParameters;
import dev.tidewatch.control.v1.Permission;
import dev.tidewatch.control.v1.StreamAlertsRequest;
import dev.tidewatch.control.v1.StreamAlertsResponse;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * {@code StreamAlerts} as server-sent events, for {@code EventSource}: events named {@code alerts}
 * (alerts, or changes of their triage) and {@code heartbeat}, {@code id} the cursor, {@code data}
 * the response as proto3 JSON. A {@code Last-Event-ID} is where the stream continues and wins over
 * the parameter {@code cursor}, for a browser reconnects with the URL it began with. Before the
 * server ends a stream it sends an event {@code end} with the reason.
 */
public final class AlertEventStream implements HttpService {
  private static final ResponseHeaders HEADERS =
      ResponseHeaders.builder(HttpStatus.OK)
          .contentType(MediaType.EVENT_STREAM)
          .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
          .set("x-accel-buffering", "no")
          .build();

  /** How long a browser waits before it reconnects, milliseconds. */
  private static final String RETRY = "retry: 2000\n\n";

  private final AlertFeeds feeds;

  public AlertEventStream(AlertFeeds feeds) {
    this.feeds = feeds;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest http) {
    if (http.method() != HttpMethod.GET) {
      return HttpResponse.of(HttpStatus.METHOD_NOT_ALLOWED);
    }
    HttpResponseWriter response = HttpResponse.streaming();
    SseSink sink = new SseSink(response, ctx.id().shortText());
    try {
      StreamAlertsRequest request = request(ctx);
      Standing standing =
          Standing.of(ctx, Permission.PERMISSION_ALERTS_READ, request.getTenantId());
      AlertSubscription subscription = feeds.subscribe(request, sink, standing);
      ctx.clearRequestTimeout();
      sink.serve(subscription);
    } catch (StatusRuntimeException failure) {
      sink.end(failure);
    }
    return response;
  }

  private static StreamAlertsRequest request(ServiceRequestContext ctx) {
    StreamAlertsRequest.Builder request = StreamAlertsRequest.newBuilder();
    QueryParameters.read(ctx.queryParams(), request);
    String last = ctx.request().headers().get("last-event-id", "");
    if (!last.isEmpty()) {
      request.setCursor(last);
    }
    String tenant = ctx.pathParam("tenant");
    return request.setTenantId(tenant == null ? "" : tenant).build();
  }

  /**
   * Writes one event at a time: the next when the connection has taken the one before. The headers
   * go out with the first, so that an open stream is one that misses nothing from then on.
   */
  private static final class SseSink implements AlertSubscription.Sink {
    private final HttpResponseWriter response;
    private final String requestId;
    private volatile @Nullable AlertSubscription subscription;
    private volatile boolean ready = true;
    private boolean begun;

    SseSink(HttpResponseWriter response, String requestId) {
      this.response = response;
      this.requestId = requestId;
    }

    void serve(AlertSubscription served) {
      subscription = served;
      var unused =
          response
              .whenComplete()
              .handle(
                  (done, failure) -> {
                    served.cancel();
                    return null;
                  });
      served.drain();
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void next(StreamAlertsResponse alerts) {
      ready = false;
      String prefix = "";
      if (!begun) {
        begun = true;
        prefix = RETRY;
        response.write(HEADERS);
      }
      if (response.tryWrite(HttpData.ofUtf8(prefix + event(alerts)))) {
        var unused = response.whenConsumed().thenRun(this::taken);
      }
    }

    private void taken() {
      ready = true;
      AlertSubscription served = subscription;
      if (served != null) {
        served.drain();
      }
    }

    @Override
    public void end(StatusRuntimeException reason) {
      if (!begun) {
        response.close(HttpFailures.response(reason, requestId));
      } else if (response.tryWrite(HttpData.ofUtf8(event(reason)))) {
        response.close();
      }
    }
  }

  private static String event(StreamAlertsResponse response) {
    boolean silent = response.getAlertsCount() == 0 && response.getTriageCount() == 0;
    String name = silent ? "heartbeat" : "alerts";
    return "event: %s\nid: %s\ndata: %s\n\n".formatted(name, response.getCursor(), json(response));
  }

  private static String event(StatusRuntimeException reason) {
    return "event: end\ndata: " + HttpFailures.response(reason, "-").contentUtf8() + "\n\n";
  }

  private static String json(StreamAlertsResponse response) {
    try {
      return JsonFormat.printer().omittingInsignificantWhitespace().print(response);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a response without Any fields prints", e);
    }
  }
}
