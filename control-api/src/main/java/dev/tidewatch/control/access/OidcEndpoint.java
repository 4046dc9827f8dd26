package dev.tidewatch.control.access;

import com.linecorp.armeria.common.Cookie;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.access.OidcFailureException.Reason;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.HttpFailures;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sign-in at an OpenID Connect issuer. GET {@code /v1/session/oidc} sends the browser there; it
 * comes back to {@code /v1/session/oidc/callback} with a code, which is redeemed for an ID token
 * and becomes the same session as a password makes. What fails leads to {@code
 * /?sign-in-failed=REASON}.
 */
public final class OidcEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(OidcEndpoint.class);
  private static final String METHOD = "session/oidc";
  private static final String COOKIE = "tidewatch_oidc";
  private static final String PATH = "/v1/session/oidc";
  private static final Duration TIME_TO_SIGN_IN = Duration.ofMinutes(10);
  private static final int LONGEST_CODE = 4_096;

  private final OidcOptions options;
  private final OidcIssuer issuer;
  private final Accounts accounts;
  private final SignInLimits limits;
  private final Refusals refusals;
  private final Clock clock;

  public OidcEndpoint(
      OidcOptions options, Accounts accounts, SignInLimits limits, Refusals refusals, Clock clock) {
    this.options = options;
    this.issuer = new OidcIssuer(options, clock);
    this.accounts = accounts;
    this.limits = limits;
    this.refusals = refusals;
    this.clock = clock;
  }

  /** Of the issuer, for people. */
  String name() {
    return options.name();
  }

  /** Sends the browser to the issuer. */
  public HttpService begin() {
    return (ctx, request) -> blocking(ctx, request, () -> begin(ctx));
  }

  /** Takes the browser back. */
  public HttpService callback() {
    return (ctx, request) -> blocking(ctx, request, () -> finish(ctx, request));
  }

  private interface Step {
    HttpResponse run() throws OidcFailureException;
  }

  private HttpResponse blocking(ServiceRequestContext ctx, HttpRequest request, Step step) {
    if (request.method() != HttpMethod.GET) {
      return HttpResponse.of(HttpStatus.METHOD_NOT_ALLOWED);
    }
    return HttpResponse.of(
        CompletableFuture.supplyAsync(() -> answer(ctx, step), ctx.blockingTaskExecutor()));
  }

  private HttpResponse answer(ServiceRequestContext ctx, Step step) {
    String address = ctx.remoteAddress().getAddress().getHostAddress();
    try {
      if (!limits.allowsFrom(address)) {
        throw Failures.exhausted("too many attempts to sign in; wait a minute");
      }
      return step.run();
    } catch (OidcFailureException e) {
      LOG.info("sign-in at {} failed: {}", options.name(), e.getMessage());
      refusals.refused(
          new Refusals.Refusal(
              ControlDatabase.SYSTEM, "unknown", METHOD, "", String.valueOf(e.getMessage()), ctx));
      return failed(ctx, e.reason());
    } catch (RuntimeException e) {
      return HttpFailures.response(Failures.statusOf(e), ctx.id().shortText()).toHttpResponse();
    }
  }

  private HttpResponse begin(ServiceRequestContext ctx) throws OidcFailureException {
    OidcAttempt attempt = OidcAttempt.begin();
    ResponseHeadersBuilder headers = redirect(issuer.authorization(attempt).toString());
    headers.cookies(cookie(ctx, attempt.cookie(), TIME_TO_SIGN_IN));
    return HttpResponse.of(headers.build());
  }

  private HttpResponse finish(ServiceRequestContext ctx, HttpRequest request)
      throws OidcFailureException {
    OidcAttempt attempt = attempt(ctx, request);
    String error = ctx.queryParam("error");
    if (error != null) {
      throw new OidcFailureException(Reason.ISSUER, "the issuer says " + printable(error));
    }
    String by = ctx.queryParam("iss");
    if (by != null && !by.equals(options.issuer().toString())) {
      throw new OidcFailureException(Reason.ISSUER, "the answer is of another issuer");
    }
    String code = ctx.queryParam("code");
    if (code == null || code.isEmpty() || code.length() > LONGEST_CODE) {
      throw new OidcFailureException(Reason.ISSUER, "the issuer's answer has no code");
    }
    OidcUser user = issuer.redeem(code, attempt);
    Accounts.Session session =
        accounts
            .signIn(user)
            .orElseThrow(
                () ->
                    new OidcFailureException(
                        Reason.ACCESS,
                        user.name() + " has no role in " + user.tenant() + ", or is disabled"));
    ResponseHeadersBuilder headers = redirect("/");
    headers.cookies(SessionEndpoint.cookie(ctx, session, clock), cookie(ctx, "", Duration.ZERO));
    return HttpResponse.of(headers.build());
  }

  /** The sign-in that this very browser began; its state proves that the answer belongs to it. */
  private static OidcAttempt attempt(ServiceRequestContext ctx, HttpRequest request)
      throws OidcFailureException {
    String state = Optional.ofNullable(ctx.queryParam("state")).orElse("");
    return request.headers().cookies().stream()
        .filter(cookie -> cookie.name().equals(COOKIE))
        .findFirst()
        .flatMap(cookie -> OidcAttempt.read(cookie.value()))
        .filter(attempt -> isSame(attempt.state(), state))
        .orElseThrow(
            () ->
                new OidcFailureException(
                    Reason.STATE, "the sign-in was not begun in this browser, or too long ago"));
  }

  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static String printable(String error) {
    String some = error.substring(0, Math.min(error.length(), 60));
    return some.replaceAll("[^A-Za-z0-9_.-]", "?");
  }

  private static HttpResponse failed(ServiceRequestContext ctx, Reason reason) {
    ResponseHeadersBuilder headers =
        redirect("/?sign-in-failed=" + reason.name().toLowerCase(Locale.ROOT));
    headers.cookies(cookie(ctx, "", Duration.ZERO));
    return HttpResponse.of(headers.build());
  }

  private static ResponseHeadersBuilder redirect(String location) {
    return ResponseHeaders.builder(HttpStatus.SEE_OTHER)
        .set(HttpHeaderNames.LOCATION, location)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
  }

  /** Lax: the browser comes back from another site. */
  private static Cookie cookie(ServiceRequestContext ctx, String value, Duration lifetime) {
    return Cookie.secureBuilder(COOKIE, value)
        .httpOnly(true)
        .sameSite("Lax")
        .path(PATH)
        .secure(ctx.sslSession() != null)
        .maxAge(lifetime.toSeconds())
        .build();
  }
}
