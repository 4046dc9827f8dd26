package dev.tidewatch.agent.collect.network;

/**
 * A socket as a table of {@code /proc/net} shows it.
 *
 * @param protocol {@code tcp} or {@code udp}
 * @param state as the kernel numbers TCP states: 1 established, 2 connecting, 10 listening
 * @param inode 0: nobody owns it any more
 */
record SocketEntry(
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
  static final int LISTENING = 10;

  boolean isConnected() {
    return remotePort != 0 && inode != 0 && (state == ESTABLISHED || state == CONNECTING);
  }
}
