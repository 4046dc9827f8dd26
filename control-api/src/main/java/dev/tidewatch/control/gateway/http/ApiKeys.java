package dev.tidewatch.control.gateway.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import dev.tidewatch.control.gateway.enrollment.EnrollmentStore;
import dev.tidewatch.control.gateway.enrollment.Secrets;
import dev.tidewatch.control.gateway.enrollment.TenantIds;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * API keys: {@code twk_} and 256 random bits. They come as {@code Authorization: Bearer KEY} or
 * {@code X-API-Key: KEY}.
 */
public final class ApiKeys {
  private static final String PREFIX = "twk_";
  private static final String BEARER = "bearer ";
  private static final int LONGEST = 256;
  private final EnrollmentStore store;

  public ApiKeys(EnrollmentStore store) {
    this.store = store;
  }

  /**
   * Makes a key with which events of {@code tenant} may be sent.
   *
   * @throws IllegalArgumentException when no tenant can have that id
   */
  public String mint(String tenant, String label) {
    String key = PREFIX + Secrets.random();
    store.addApiKey(Secrets.hash(key), TenantIds.require(tenant), label);
    return key;
  }

  /** False when there is no such key. */
  public boolean withdraw(String key) {
    return store.removeApiKey(Secrets.hash(key));
  }

  /** Whose events a request may send; empty without a key that is known. */
  public Optional<String> tenant(RequestHeaders headers) {
    @Nullable String bearer = headers.get(HttpHeaderNames.AUTHORIZATION);
    @Nullable String key = headers.get("x-api-key");
    if (key == null
        && bearer != null
        && bearer.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      key = bearer.substring(BEARER.length()).strip();
    }
    return key == null || key.length() > LONGEST
        ? Optional.empty()
        : store.tenantOfApiKey(Secrets.hash(key));
  }
}
