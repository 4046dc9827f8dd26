package dev.tidewatch.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports on 127.0.0.1. */
final class LoopbackPort {
  static final String HOST = "127.0.0.1";

  /** A port nobody listens on right now. */
  static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new EmbeddedServerException("no free port on " + HOST + ": " + e, e);
    }
  }

  /**
   * @throws EmbeddedServerException when the port is taken, naming it and the server that wants it
   */
  static void requireFree(int port, String server) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(HOST, port), 1);
    } catch (IOException e) {
      throw new EmbeddedServerException(
          server + " cannot listen on " + HOST + ":" + port + ": " + e.getMessage(), e);
    }
  }

  private LoopbackPort() {}
}
