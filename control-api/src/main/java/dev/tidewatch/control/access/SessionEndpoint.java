package dev.tidewatch.control.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.Cookie;
import com.linecorp.armeria.common.CookieBuilder;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.access.Accounts.SignIn;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.request.HttpFailures;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code /v1/session}, for browsers: POST {@code {"user": "name@tenant", "password": "…"}} signs in
 * and sets a cookie that scripts cannot read; with {@code newPassword} the password is that from
 * now on, as a one-time password asks for ({@code "reason":"PASSWORD_MUST_CHANGE"}). GET says who
 * is signed in; DELETE signs out. Sign-in and GET answer with the token that changes must carry in
 * {@value Credentials#CSRF_HEADER}.
 */
public final class SessionEndpoint implements HttpService {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String METHOD = "session";

  private final Accounts accounts;
  private final SignInLimits limits;
  private final Refusals refusals;
  private final Authenticator authenticator;
  private final Clock clock;

  /**
   * @param limits how often one user name, and one address, may try to sign in
   */
  public SessionEndpoint(
      Accounts accounts,
      Authenticator authenticator,
      SignInLimits limits,
      Refusals refusals,
      Clock clock) {
    this.accounts = accounts;
    this.authenticator = authenticator;
    this.limits = limits;
    this.refusals = refusals;
    this.clock = clock;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    return HttpResponse.of(
        request
            .aggregate()
            .thenApplyAsync(whole -> answer(ctx, whole), ctx.blockingTaskExecutor()));
  }

  private HttpResponse answer(ServiceRequestContext ctx, AggregatedHttpRequest request) {
    try {
      return switch (request.method()) {
        case POST -> signIn(ctx, request);
        case GET -> whoIsIt(ctx, request);
        case DELETE -> signOut(ctx, request);
        default -> HttpResponse.of(HttpStatus.METHOD_NOT_ALLOWED);
      };
    } catch (RuntimeException e) {
      return HttpFailures.response(Failures.statusOf(e), ctx.id().shortText()).toHttpResponse();
    }
  }

  private HttpResponse signIn(ServiceRequestContext ctx, AggregatedHttpRequest request) {
    JsonNode body = body(request);
    String user = body.path("user").asText();
    String password = body.path("password").asText();
    new FieldChecks()
        .require(!user.isBlank(), "user", "must name a user, as name@tenant")
        .text("user", user, 300)
        .require(!password.isEmpty(), "password", "must not be empty")
        .done();
    String address = ctx.remoteAddress().getAddress().getHostAddress();
    if (!limits.allows(user, address)) {
      throw Failures.exhausted("too many attempts to sign in; wait a minute");
    }
    SignIn signIn = accounts.signIn(user, password, body.path("newPassword").asText());
    if (signIn instanceof SignIn.Done done) {
      return told(
          done.session().principal(),
          done.session().token(),
          Optional.of(cookie(ctx, done.session(), clock)));
    }
    if (signIn instanceof SignIn.MustChange) {
      throw Failures.precondition(
          "PASSWORD_MUST_CHANGE", "this password must be changed: give newPassword too");
    }
    refusals.refused(
        new Refusals.Refusal(
            ControlDatabase.SYSTEM, "unknown", METHOD, user, "sign-in failed", ctx));
    throw unauthenticated("user name or password is wrong");
  }

  /** Only JSON: a form of another origin cannot send it. */
  private static JsonNode body(AggregatedHttpRequest request) {
    MediaType type = request.contentType();
    if (type == null || !type.belongsTo(MediaType.JSON)) {
      throw FieldChecks.invalid("content-type", "must be application/json");
    }
    try {
      return JSON.readTree(request.contentUtf8());
    } catch (JsonProcessingException e) {
      throw FieldChecks.invalid("body", "must be JSON");
    }
  }

  private static HttpResponse whoIsIt(ServiceRequestContext ctx, AggregatedHttpRequest request) {
    String token = Credentials.session(request.headers());
    if (Authentication.of(ctx) instanceof Principal principal) {
      return told(principal, token == null ? "" : token, Optional.empty());
    }
    throw unauthenticated("sign in");
  }

  private HttpResponse signOut(ServiceRequestContext ctx, AggregatedHttpRequest request) {
    String token = Credentials.session(request.headers());
    if (token != null && Authentication.of(ctx) instanceof Principal) {
      accounts.signOut(token);
      authenticator.forget();
    }
    ResponseHeadersBuilder headers = ResponseHeaders.builder(HttpStatus.NO_CONTENT);
    headers.cookies(cookie(ctx, "").maxAge(0).build());
    return HttpResponse.of(headers.build());
  }

  /** A session's cookie, for as long as the session lasts. */
  static Cookie cookie(ServiceRequestContext ctx, Accounts.Session session, Clock clock) {
    Instant expires = session.principal().expires().orElseThrow();
    return cookie(ctx, session.token())
        .maxAge(Duration.between(clock.instant(), expires).toSeconds())
        .build();
  }

  private static CookieBuilder cookie(ServiceRequestContext ctx, String value) {
    CookieBuilder cookie =
        Cookie.secureBuilder(Credentials.COOKIE, value).httpOnly(true).sameSite("Strict").path("/");
    // Browsers keep no secure cookie of a plain http server, which there is on loopback only.
    return ctx.sslSession() == null ? cookie.secure(false) : cookie;
  }

  private static HttpResponse told(Principal principal, String token, Optional<Cookie> cookie) {
    ObjectNode body = JSON.createObjectNode();
    body.put("actor", principal.actor()).put("tenantId", principal.tenant());
    body.put("operator", principal.isOperator());
    principal.roles().stream().map(Roles::name).sorted().forEach(body.putArray("roles")::add);
    principal.permissions().stream()
        .map(Roles::name)
        .sorted()
        .forEach(body.putArray("permissions")::add);
    principal.expires().ifPresent(end -> body.put("expiresMs", end.toEpochMilli()));
    body.put("csrf", token.isEmpty() ? "" : Credentials.csrf(token));
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(MediaType.JSON_UTF_8)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    cookie.ifPresent(headers::cookies);
    return HttpResponse.of(headers.build(), HttpData.ofUtf8(body.toString()));
  }

  private static StatusRuntimeException unauthenticated(String reason) {
    return Status.UNAUTHENTICATED.withDescription(reason).asRuntimeException();
  }
}
