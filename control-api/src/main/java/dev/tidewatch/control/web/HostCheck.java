package dev.tidewatch.control.web;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.request.JsonFailure;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers only requests that were meant for this server by name. Without it a page of an attacker
 * whose name resolves to 127.0.0.1 would be of the same origin as the console (DNS rebinding).
 */
public final class HostCheck implements DecoratingHttpServiceFunction {
  private final Set<String> hosts = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

  /**
   * @param more names besides the loopback's: the bind address, names the operator gave
   */
  public HostCheck(Collection<String> more) {
    more.forEach(name -> hosts.add(name.toLowerCase(Locale.ROOT)));
  }

  @Override
  public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest request)
      throws Exception {
    if (isMeant(request.authority())) {
      return delegate.serve(ctx, request);
    }
    String message = "this server is not known by that name; add it to control.allowed-hosts";
    return JsonFailure.of(HttpStatus.MISDIRECTED_REQUEST, message, ctx.id().shortText())
        .toHttpResponse();
  }

  boolean isMeant(@Nullable String authority) {
    return authority != null && hosts.contains(host(authority).toLowerCase(Locale.ROOT));
  }

  /** Without the port; an IPv6 address keeps its brackets. */
  private static String host(String authority) {
    int bracket = authority.indexOf(']');
    int colon = authority.indexOf(':', Math.max(bracket, 0));
    return colon < 0 ? authority : authority.substring(0, colon);
  }
}
