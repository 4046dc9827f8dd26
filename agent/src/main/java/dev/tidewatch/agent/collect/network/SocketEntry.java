package dev.tidewatch.agent.collect.network;

/**
 * A socket as the kernel shows it.
 *
 * @param protocol {@code tcp} or {@code udp}
 * @param state as the kernel numbers TCP states: 1 established, 2 connecting, 7 closed, 10
 *     listening
 * @param inode 0: nobody owns it any more
 */
public record SocketEntry(
    String protocol,
    String localAddress,
    int localPort,
    String remoteAddress,
    int remotePort,
    int state,
    int uid,
    long inode) {
  static final int ESTABLISHED = 1;
  static final int CONNECTING = 2;
  static final int CLOSED = 7;
  static final int LISTENING = 10;

  /** Has a remote end, and somebody who holds it: also one whose other side has hung up already. */
  boolean isConnected() {
    return hasRemoteEnd() && inode != 0 && state != LISTENING && state != CLOSED;
  }

  boolean hasRemoteEnd() {
    return remotePort != 0;
  }

  /** Takes connections, or datagrams from anybody. */
  public boolean isListening() {
    return localPort != 0
        && inode != 0
        && (state == LISTENING || (protocol.equals("udp") && !hasRemoteEnd()));
  }
}
