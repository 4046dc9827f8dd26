package dev.tidewatch.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Ports on 127.0.0.1. */
public final class LoopbackPort {
  static final String HOST = "127.0.0.1";

  /**
   * Below Linux's range for outgoing connections. A port of that range may be taken by any
   * connection while its server is stopped, and a client that keeps connecting to it on loopback
   * can even be given it as its own source port and connect to itself.
   */
  private static final int FIRST = 15_000;

  private static final int LAST = 32_000;
  private static final int ATTEMPTS = 200;

  /**
   * A port nobody listens on right now, for a server that clients will look for while it is away.
   */
  public static int free() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      if (refusal(port) == null) {
        return port;
      }
    }
    throw new EmbeddedServerException("no free port on " + HOST + " in " + FIRST + ".." + LAST);
  }

  /**
   * @throws EmbeddedServerException when the port is taken, naming it and the server that wants it
   */
  static void requireFree(int port, String server) {
    IOException refusal = refusal(port);
    if (refusal != null) {
      throw new EmbeddedServerException(
          server + " cannot listen on " + HOST + ":" + port + ": " + refusal.getMessage(), refusal);
    }
  }

  private static @Nullable IOException refusal(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(HOST, port), 1);
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private LoopbackPort() {}
}
