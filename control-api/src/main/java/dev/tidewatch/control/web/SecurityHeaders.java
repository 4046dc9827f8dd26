package dev.tidewatch.control.web;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;

/**
 * Puts the browser's defences on every response: nothing is sniffed, framed, embedded from
 * elsewhere or told where it was called from. A page brings its own content policy; whatever else
 * is opened in a browser may load nothing at all. There is no CORS: other origins read nothing.
 */
public final class SecurityHeaders implements DecoratingHttpServiceFunction {
  static final String REQUEST_ID = "x-request-id";

  @Override
  public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest request)
      throws Exception {
    ctx.mutateAdditionalResponseHeaders(
        headers -> {
          headers.set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff");
          headers.set(HttpHeaderNames.REFERRER_POLICY, "no-referrer");
          headers.set(HttpHeaderNames.CROSS_ORIGIN_OPENER_POLICY, "same-origin");
          headers.set(HttpHeaderNames.CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
          headers.set(REQUEST_ID, ctx.id().shortText());
        });
    return delegate.serve(ctx, request).mapHeaders(SecurityHeaders::withPolicy);
  }

  private static ResponseHeaders withPolicy(ResponseHeaders headers) {
    return headers.contains(HttpHeaderNames.CONTENT_SECURITY_POLICY)
        ? headers
        : headers.toBuilder()
            .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, ContentPolicy.NOTHING)
            .build();
  }
}
