package dev.tidewatch.control.request;

import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.common.logging.RequestLogAccess;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Until when the caller of the request under way waits: its own deadline, or the server's. */
final class RequestDeadline {
  private static final Pattern TIMEOUT = Pattern.compile("([0-9]{1,8})([HMSmun])");

  private RequestDeadline() {}

  /** {@link Long#MAX_VALUE} where there is no request. */
  static long leftNanos() {
    @Nullable RequestContext context = RequestContext.mapCurrent(current -> current, null);
    return context instanceof ServiceRequestContext request ? left(request) : Long.MAX_VALUE;
  }

  private static long left(ServiceRequestContext request) {
    if (request.isCancelled()) {
      return 0;
    }
    long server =
        request.requestTimeoutMillis() > 0
            ? Duration.ofMillis(request.requestTimeoutMillis()).toNanos()
            : Long.MAX_VALUE;
    long most = Math.min(server, timeoutNanos(request.request().headers().get("grpc-timeout")));
    RequestLogAccess log = request.log();
    return most == Long.MAX_VALUE || !log.isAvailable(RequestLogProperty.REQUEST_START_TIME)
        ? most
        : most - (System.nanoTime() - log.partial().requestStartTimeNanos());
  }

  /**
   * @param header {@code grpc-timeout}: up to eight digits and a unit
   */
  static long timeoutNanos(@Nullable String header) {
    Matcher timeout = TIMEOUT.matcher(header == null ? "" : header);
    if (!timeout.matches()) {
      return Long.MAX_VALUE;
    }
    long unit =
        switch (timeout.group(2)) {
          case "H" -> 3_600_000_000_000L;
          case "M" -> 60_000_000_000L;
          case "S" -> 1_000_000_000L;
          case "m" -> 1_000_000L;
          case "u" -> 1_000L;
          default -> 1L;
        };
    long value = Long.parseLong(timeout.group(1));
    return value > Long.MAX_VALUE / unit ? Long.MAX_VALUE : value * unit;
  }
}
