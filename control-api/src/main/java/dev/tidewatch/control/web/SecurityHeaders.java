package dev.tidewatch.control.web;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeadersBuilder;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Puts the browser's defences on every response: nothing is sniffed, framed, embedded from
 * elsewhere or told where it was called from. A page sets its own content policy over this one;
 * whatever else is opened in a browser may load nothing at all. Over TLS browsers are told to come
 * by TLS only. Other origins read nothing, but those that {@link CrossOrigin} lets in.
 */
public final class SecurityHeaders implements DecoratingHttpServiceFunction {
  static final String REQUEST_ID = "x-request-id";
  private static final String A_YEAR = "max-age=31536000";

  private final boolean tls;

  /**
   * @param tls whether the port speaks TLS
   */
  public SecurityHeaders(boolean tls) {
    this.tls = tls;
  }

  @Override
  public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest request)
      throws Exception {
    ctx.mutateAdditionalResponseHeaders(headers -> set(headers, ctx.id().shortText()));
    return delegate.serve(ctx, request);
  }

  private void set(HttpHeadersBuilder headers, String requestId) {
    headers.set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff");
    headers.set(HttpHeaderNames.REFERRER_POLICY, "no-referrer");
    headers.set(HttpHeaderNames.CROSS_ORIGIN_OPENER_POLICY, "same-origin");
    headers.set(HttpHeaderNames.CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, ContentPolicy.NOTHING);
    headers.set(REQUEST_ID, requestId);
    if (tls) {
      headers.set(HttpHeaderNames.STRICT_TRANSPORT_SECURITY, A_YEAR);
    }
  }

  /** The same for what is refused before it is a request of any service. */
  public ServerErrorHandler on(ServerErrorHandler failures) {
    return new Violations(failures);
  }

  private final class Violations implements ServerErrorHandler {
    private final ServerErrorHandler failures;

    Violations(ServerErrorHandler failures) {
      this.failures = failures;
    }

    @Override
    public @Nullable HttpResponse onServiceException(ServiceRequestContext ctx, Throwable cause) {
      return failures.onServiceException(ctx, cause);
    }

    @Override
    public @Nullable AggregatedHttpResponse renderStatus(
        @Nullable ServiceRequestContext ctx,
        ServiceConfig config,
        @Nullable RequestHeaders headers,
        HttpStatus status,
        @Nullable String description,
        @Nullable Throwable cause) {
      return failures.renderStatus(ctx, config, headers, status, description, cause);
    }

    @Override
    public @Nullable AggregatedHttpResponse onProtocolViolation(
        ServiceConfig config,
        @Nullable RequestHeaders headers,
        HttpStatus status,
        @Nullable String description,
        @Nullable Throwable cause) {
      AggregatedHttpResponse response =
          failures.onProtocolViolation(config, headers, status, description, cause);
      if (response == null) {
        return null;
      }
      ResponseHeadersBuilder defended = response.headers().toBuilder();
      set(defended, "-");
      return AggregatedHttpResponse.of(defended.build(), response.content());
    }
  }
}
