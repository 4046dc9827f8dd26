package dev.tidewatch.control.access;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.HttpFailures;
import dev.tidewatch.control.v1.Role;
import io.grpc.StatusRuntimeException;
import io.netty.util.AttributeKey;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who calls and leaves it with the request; it refuses nobody, {@link Authorization}
 * does.
 */
public final class Authentication implements DecoratingHttpServiceFunction {
  private static final AttributeKey<Identity> IDENTITY =
      AttributeKey.valueOf(Authentication.class, "IDENTITY");

  private static final AttributeKey<Supplier<Identity>> AGAIN =
      AttributeKey.valueOf(Authentication.class, "AGAIN");

  private final @Nullable Authenticator authenticator;
  private final Set<String> origins;

  private Authentication(@Nullable Authenticator authenticator, Set<String> origins) {
    this.authenticator = authenticator;
    this.origins = Set.copyOf(origins);
  }

  /**
   * @param origins whose pages may use sessions besides our own: {@code control.cors.origins}
   */
  public static Authentication by(Authenticator authenticator, Set<String> origins) {
    return new Authentication(authenticator, origins);
  }

  /** Takes everyone for an operator who may do everything. Only for tests, only on loopback. */
  public static Authentication open() {
    return new Authentication(null, Set.of());
  }

  private static final Identity EVERYONE =
      Principal.of(
          "open",
          "everyone",
          ControlDatabase.SYSTEM,
          Set.of(Role.ROLE_ADMIN),
          Set.of(),
          Optional.empty());

  /** Who makes the call that this thread serves. */
  public static Identity current() {
    return of(ServiceRequestContext.current());
  }

  static Identity of(ServiceRequestContext context) {
    Identity identity = context.attr(IDENTITY);
    return identity == null ? Identity.ANONYMOUS : identity;
  }

  /** The token of the session that this thread's call came with; empty where it has none. */
  public static String sessionToken() {
    String token = Credentials.session(ServiceRequestContext.current().request().headers());
    return token == null ? "" : token;
  }

  /** Who the caller of a call is by now: what was found out of it may have changed. Blocks. */
  static Identity again(ServiceRequestContext context) {
    Supplier<Identity> again = context.attr(AGAIN);
    return again == null ? of(context) : again.get();
  }

  /**
   * The caller, for code behind {@link Authorization}.
   *
   * @throws IllegalStateException when there is none: the code is not behind it
   */
  public static Principal principal() {
    if (current() instanceof Principal principal) {
      return principal;
    }
    throw new IllegalStateException("reached without authorization");
  }

  @Override
  public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest request)
      throws Exception {
    Authenticator lookup = authenticator;
    if (lookup == null) {
      ctx.setAttr(IDENTITY, EVERYONE);
      return delegate.serve(ctx, request);
    }
    Credentials credentials = Credentials.of(ctx, request.headers(), origins);
    ctx.setAttr(AGAIN, () -> lookup.now(credentials));
    Identity known = lookup.known(credentials);
    if (known != null) {
      ctx.setAttr(IDENTITY, known);
      return delegate.serve(ctx, request);
    }
    return HttpResponse.of(
        CompletableFuture.supplyAsync(
            () -> identified(lookup, credentials, delegate, ctx, request),
            ctx.blockingTaskExecutor()));
  }

  private static HttpResponse identified(
      Authenticator lookup,
      Credentials credentials,
      HttpService delegate,
      ServiceRequestContext ctx,
      HttpRequest request) {
    try {
      ctx.setAttr(IDENTITY, lookup.identify(credentials));
      return delegate.serve(ctx, request);
    } catch (Exception e) {
      StatusRuntimeException status = Failures.statusOf(e);
      return HttpFailures.response(status, ctx.id().shortText()).toHttpResponse();
    }
  }
}
