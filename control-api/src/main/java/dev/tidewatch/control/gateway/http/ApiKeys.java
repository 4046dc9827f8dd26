package dev.tidewatch.control.gateway.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.database.DatabaseUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * API keys as requests show them. They come as {@code Authorization: Bearer KEY} or {@code
 * X-API-Key: KEY}.
 */
public final class ApiKeys {
  private static final String BEARER = "bearer ";
  private static final int LONGEST = 512;
  private final Function<String, Optional<String>> tenants;

  /**
   * @param tenants whose events a key may send, empty for one that may send none; may block
   */
  public ApiKeys(Function<String, Optional<String>> tenants) {
    this.tenants = tenants;
  }

  /**
   * Whose events a request may send; empty without a key that is known. May block.
   *
   * @throws DatabaseUnavailableException when that cannot be told now
   */
  public Optional<String> tenant(RequestHeaders headers) {
    @Nullable String bearer = headers.get(HttpHeaderNames.AUTHORIZATION);
    @Nullable String key = headers.get("x-api-key");
    if (key == null
        && bearer != null
        && bearer.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      key = bearer.substring(BEARER.length()).strip();
    }
    return key == null || key.length() > LONGEST ? Optional.empty() : tenants.apply(key);
  }

  /** Answers {@code work}'s for the key's tenant, or why there is none. */
  public HttpResponse withTenant(
      ServiceRequestContext ctx, RequestHeaders headers, Function<String, HttpResponse> work) {
    return HttpResponse.of(
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return tenant(headers).map(work).orElseGet(ApiKeys::unknown);
              } catch (DatabaseUnavailableException e) {
                return Answers.retry(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    Duration.ofSeconds(5),
                    "whose key it is cannot be told now");
              }
            },
            ctx.blockingTaskExecutor()));
  }

  private static HttpResponse unknown() {
    return Answers.error(
        HttpStatus.UNAUTHORIZED, "send an API key as Authorization: Bearer KEY or X-API-Key: KEY");
  }
}
