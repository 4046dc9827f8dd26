package dev.tidewatch.embedded.clickhouse;

import com.sun.net.httpserver.Headers;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages away from a server on loopback. Any page may send simple requests to 127.0.0.1,
 * and a server without password would obey. Browsers name the page in {@code Origin}; a page that
 * points its own name at 127.0.0.1 is known by {@code Host}.
 */
final class BrowserGuard {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  /**
   * @throws ClickHouseException unless the request comes from a program or from a page of this host
   */
  static void require(Headers headers) {
    String origin = headers.getFirst("Origin");
    String host = headers.getFirst("Host");
    if (origin != null && !LOOPBACK.contains(hostOf(origin))) {
      throw refused("web page " + origin);
    }
    if (host != null && !LOOPBACK.contains(hostOf("http://" + host))) {
      throw refused("host name " + host);
    }
  }

  private static String hostOf(String url) {
    try {
      @Nullable String host = URI.create(url).getHost();
      return host == null ? "" : host.toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static ClickHouseException refused(String who) {
    return ClickHouseException.of(
        ClickHouseException.AUTHENTICATION_FAILED,
        "AUTHENTICATION_FAILED",
        "Refused for " + who + ": this server answers 127.0.0.1 and localhost only");
  }

  private BrowserGuard() {}
}
