package dev.tidewatch.agent.update;

import dev.tidewatch.agent.update.tuf.Mirror;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * A repository behind HTTP. The JDK's old client: {@code java.net.http} would keep threads and a
 * selector alive for one request an hour.
 *
 * @param base with a slash at its end
 * @param sockets for https; empty: the JVM's default
 */
public record HttpMirror(URI base, Optional<SSLSocketFactory> sockets) implements Mirror {
  private static final int CONNECT_MILLIS = 10_000;
  private static final int READ_MILLIS = 30_000;

  /**
   * @throws IllegalArgumentException when it is no http or https URL that ends in a slash
   */
  public HttpMirror {
    String scheme = String.valueOf(base.getScheme());
    if (!scheme.matches("https?") || base.getHost() == null || !base.getPath().endsWith("/")) {
      throw new IllegalArgumentException(
          "\"" + base + "\" is no http:// or https:// URL that ends in a slash");
    }
  }

  @Override
  public Optional<InputStream> open(String path) throws IOException {
    URL url = new URL(base + path);
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    if (connection instanceof HttpsURLConnection https) {
      sockets.ifPresent(https::setSSLSocketFactory);
    }
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    int status = connection.getResponseCode();
    if (status == HttpURLConnection.HTTP_OK) {
      return Optional.of(connection.getInputStream());
    }
    connection.disconnect();
    if (status == HttpURLConnection.HTTP_NOT_FOUND || status == HttpURLConnection.HTTP_FORBIDDEN) {
      return Optional.empty();
    }
    throw new IOException(url + " answers " + status);
  }
}
