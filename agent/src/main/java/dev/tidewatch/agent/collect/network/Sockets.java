package dev.tidewatch.agent.collect.network;

import java.io.IOException;
import java.util.List;

/** The sockets of this machine. */
public interface Sockets extends AutoCloseable {
  /** Those that listen or have a remote end now. */
  List<SocketEntry> read() throws IOException;

  /**
   * Waits for sockets to be closed.
   *
   * @return those that were; none where the kernel does not tell
   */
  List<SocketEntry> closed(int timeoutMillis) throws IOException, InterruptedException;

  @Override
  void close();
}
