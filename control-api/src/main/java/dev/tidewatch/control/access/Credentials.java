package dev.tidewatch.control.access;

import com.linecorp.armeria.common.Cookie;
import com.linecorp.armeria.common.Cookies;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What a request shows of its caller. Of several the first counts, in the order of this list. */
sealed interface Credentials {
  /** {@code authorization: Bearer …}. */
  record Bearer(String token) implements Credentials {}

  /** A browser's session. */
  record SessionCookie(String token) implements Credentials {}

  /** A client certificate, which TLS has verified against the authorities that are trusted. */
  record ClientCertificate(X509Certificate certificate) implements Credentials {}

  /** What is there cannot be used. */
  record Unusable(String reason) implements Credentials {}

  /** Nothing. */
  record None() implements Credentials {}

  /** The cookie of a session. */
  String COOKIE = "tidewatch_session";

  /** The header that proves that a request with a cookie comes from a page of ours. */
  String CSRF_HEADER = "x-tidewatch-csrf";

  Set<HttpMethod> SAFE = EnumSet.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  /**
   * @param origins whose pages may use sessions besides our own
   */
  static Credentials of(
      ServiceRequestContext context, RequestHeaders headers, Set<String> origins) {
    String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
    if (authorization != null) {
      boolean bearer = authorization.regionMatches(true, 0, "Bearer ", 0, 7);
      return bearer
          ? new Bearer(authorization.substring(7).strip())
          : new Unusable("authorization must be Bearer");
    }
    String token = session(headers);
    if (token != null) {
      return isOurs(headers, token, origins)
          ? new SessionCookie(token)
          : new Unusable(
              "a change by a session needs the header " + CSRF_HEADER + " of this origin");
    }
    X509Certificate certificate = certificate(context.sslSession());
    return certificate == null ? new None() : new ClientCertificate(certificate);
  }

  /** The session's token, as the cookie has it. */
  static @Nullable String session(RequestHeaders headers) {
    Cookies cookies = headers.cookies();
    return cookies.stream()
        .filter(cookie -> cookie.name().equals(COOKIE))
        .map(Cookie::value)
        .findFirst()
        .orElse(null);
  }

  /** The value of {@link #CSRF_HEADER} for a session: derived, so that nothing more is kept. */
  static String csrf(String sessionToken) {
    return Secrets.base64(
        Secrets.sha256(
            ("tidewatch-csrf:" + sessionToken).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  /**
   * A browser sends the cookie along with whatever page makes it call us; SameSite=Strict forbids
   * most of that. What changes something must in addition know the session's CSRF token, which
   * pages of other origins cannot read, and must not say that it comes from elsewhere: our own
   * pages, or those of origins that the operator named.
   */
  private static boolean isOurs(RequestHeaders headers, String token, Set<String> origins) {
    if (SAFE.contains(headers.method())) {
      return true;
    }
    String site = headers.get("sec-fetch-site", "same-origin");
    String origin = headers.get(HttpHeaderNames.ORIGIN, "");
    boolean sameOrigin =
        origin.isEmpty() || origin.substring(origin.indexOf("://") + 3).equals(headers.authority());
    return (origins.contains(origin) || (site.equals("same-origin") && sameOrigin))
        && java.security.MessageDigest.isEqual(
            csrf(token).getBytes(java.nio.charset.StandardCharsets.UTF_8),
            headers.get(CSRF_HEADER, "").getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static @Nullable X509Certificate certificate(@Nullable SSLSession session) {
    if (session == null) {
      return null;
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate first ? first : null;
    } catch (SSLPeerUnverifiedException none) {
      return null;
    }
  }
}
