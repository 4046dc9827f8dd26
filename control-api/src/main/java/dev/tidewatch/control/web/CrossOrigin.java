package dev.tidewatch.control.web;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.cors.CorsService;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Function;

/**
 * CORS for the origins that the operator names, exactly and none by default: their pages may call
 * the API with credentials. Pages of all others may send what a browser always sends, and read
 * nothing.
 */
public final class CrossOrigin {
  private static final Duration PREFLIGHT_LASTS = Duration.ofMinutes(10);

  private CrossOrigin() {}

  public static Function<? super HttpService, CorsService> of(Collection<String> origins) {
    return CorsService.builder(origins)
        .allowCredentials()
        .allowRequestMethods(
            HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE)
        .allowRequestHeaders(
            "authorization", "content-type", "idempotency-key", "x-tidewatch-csrf", "last-event-id")
        .exposeHeaders(SecurityHeaders.REQUEST_ID, "retry-after")
        .maxAge(PREFLIGHT_LASTS)
        .newDecorator();
  }
}
