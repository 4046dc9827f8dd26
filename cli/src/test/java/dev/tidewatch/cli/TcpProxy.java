package dev.tidewatch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A network between two ends on this machine that a test can cut: in the middle of a byte stream,
 * with a reset, or without a word.
 */
final class TcpProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicLong accepted = new AtomicLong();
  private volatile boolean cut;

  /** One connection through it. */
  private final class Link {
    private final Socket near;
    private final Socket far;

    /** Nothing goes through any more, and nobody is told. */
    private volatile boolean lost;

    Link(Socket near, Socket far) {
      this.near = near;
      this.far = far;
    }

    void pump(Socket from, Socket to) {
      byte[] buffer = new byte[16 << 10];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (!lost) {
            out.write(buffer, 0, read);
          }
        }
      } catch (IOException e) {
        // The other direction ends as well.
      }
      if (!lost) {
        close(false);
      }
    }

    void close(boolean reset) {
      links.remove(this);
      for (Socket socket : new Socket[] {near, far}) {
        try {
          if (reset) {
            socket.setSoLinger(true, 0);
          }
          socket.close();
        } catch (IOException e) {
          // It is closed already.
        }
      }
    }
  }

  private TcpProxy(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  /** A free port on loopback that leads to {@code target}. */
  static TcpProxy to(int target) throws IOException {
    TcpProxy proxy =
        new TcpProxy(new ServerSocket(0, 1000, InetAddress.getLoopbackAddress()), target);
    start(proxy::accept);
    return proxy;
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        accepted.incrementAndGet();
        start(() -> connect(near));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void connect(Socket near) {
    try {
      Link link = new Link(near, new Socket(InetAddress.getLoopbackAddress(), target));
      link.lost = cut;
      links.add(link);
      start(() -> link.pump(near, link.far));
      link.pump(link.far, near);
    } catch (IOException e) {
      try {
        near.close();
      } catch (IOException closed) {
        // It is closed already.
      }
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /** How often somebody has connected. */
  long accepted() {
    return accepted.get();
  }

  /** Packets vanish from now on, of connections that are open and of new ones. */
  void cut() {
    cut = true;
    links.forEach(link -> link.lost = true);
  }

  /** New connections go through; those that were cut stay silent for ever. */
  void heal() {
    cut = false;
  }

  /** All connections end with a reset. */
  void reset() {
    links.forEach(link -> link.close(true));
  }

  @Override
  public void close() throws IOException {
    server.close();
    links.forEach(link -> link.close(false));
  }
}
