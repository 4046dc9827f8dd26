package dev.tidewatch.agent.collect.network;

import dev.tidewatch.agent.collect.Collector;
import dev.tidewatch.agent.collect.Emitter;
import dev.tidewatch.agent.collect.Payload;
import dev.tidewatch.agent.collect.Sources;
import dev.tidewatch.agent.collect.UserNames;
import dev.tidewatch.agent.collect.process.ProcFs;
import dev.tidewatch.agent.collect.process.ProcessInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * New connections, by comparing the kernel's socket tables with the last look. A connection is a
 * socket's inode with its remote end, so that a UDP socket that turns elsewhere is a new one.
 */
public final class NetworkCollector implements Collector {
  private static final int MAX_COMMAND_LINE = 8 << 10;

  private final NetworkOptions options;
  private final ProcFs proc;
  private final SocketOwners owners;
  private final UserNames users;
  private Set<Connection> known = new HashSet<>();

  private record Connection(long inode, String remoteAddress, int remotePort) {
    static Connection of(SocketEntry socket) {
      return new Connection(socket.inode(), socket.remoteAddress(), socket.remotePort());
    }
  }

  public NetworkCollector(NetworkOptions options) {
    this.options = options;
    this.proc = new ProcFs(options.proc(), MAX_COMMAND_LINE);
    this.owners = new SocketOwners(options.proc());
    this.users = new UserNames(options.passwd());
  }

  @Override
  public String name() {
    return "network";
  }

  @Override
  public Optional<String> unavailable() {
    Path table = options.proc().resolve("net/tcp");
    return Files.isReadable(table) ? Optional.empty() : Optional.of("cannot read " + table);
  }

  @Override
  public boolean canWait() {
    return false;
  }

  @Override
  public void run(Emitter emitter) throws IOException, InterruptedException {
    while (true) {
      look(emitter);
      Thread.sleep(options.interval().toMillis());
    }
  }

  void look(Emitter emitter) throws IOException, InterruptedException {
    List<SocketEntry> sockets = new ArrayList<>();
    for (String protocol : List.of("tcp", "udp")) {
      Path net = options.proc().resolve("net");
      sockets.addAll(SocketTable.read(net.resolve(protocol), protocol));
      sockets.addAll(SocketTable.read(net.resolve(protocol + "6"), protocol));
    }
    Set<Connection> now = new HashSet<>();
    Map<Long, SocketEntry> fresh = new HashMap<>();
    Set<String> listening = new HashSet<>();
    for (SocketEntry socket : sockets) {
      if (socket.state() == SocketEntry.LISTENING) {
        listening.add(socket.protocol() + socket.localPort());
      }
      if (socket.isConnected() && now.add(Connection.of(socket))) {
        if (!known.contains(Connection.of(socket))) {
          fresh.put(socket.inode(), socket);
        }
      }
    }
    // Those of the first look began before the agent did: told all the same, an attacker's may be
    // there.
    known = now;
    if (!fresh.isEmpty()) {
      tell(fresh, listening, emitter);
    }
  }

  private void tell(Map<Long, SocketEntry> fresh, Set<String> listening, Emitter emitter)
      throws IOException, InterruptedException {
    Map<Long, Integer> pids = owners.find(fresh.keySet());
    long micros = emitter.clock().millis() * 1000;
    for (SocketEntry socket : fresh.values()) {
      int pid = pids.getOrDefault(socket.inode(), 0);
      Optional<ProcessInfo> process = pid == 0 ? Optional.empty() : proc.read(pid, micros / 1000);
      // The source is who called, as other sensors have it.
      boolean initiated = !listening.contains(socket.protocol() + socket.localPort());
      Payload payload =
          new Payload()
              .put("timestamp", emitter.clock().instant().toString())
              .put("Image", process.map(ProcessInfo::executable).orElse(""))
              .put("CommandLine", process.map(ProcessInfo::commandLine).orElse(""))
              .put("User", users.of(socket.uid()))
              .put("Protocol", socket.protocol())
              .put("Initiated", Boolean.toString(initiated))
              .put("SourceIp", initiated ? socket.localAddress() : socket.remoteAddress())
              .put("SourcePort", initiated ? socket.localPort() : socket.remotePort())
              .put("DestinationIp", initiated ? socket.remoteAddress() : socket.localAddress())
              .put("DestinationPort", initiated ? socket.remotePort() : socket.localPort());
      if (pid != 0) {
        payload.put("ProcessId", pid);
      }
      emitter.emit(Sources.NETWORK_CONNECTION, "", payload.json(), micros);
    }
  }
}
