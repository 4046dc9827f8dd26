package dev.tidewatch.agent.collect.network;

import dev.tidewatch.agent.collect.Collector;
import dev.tidewatch.agent.collect.Emitter;
import dev.tidewatch.agent.collect.Payload;
import dev.tidewatch.agent.collect.Sources;
import dev.tidewatch.agent.collect.UserNames;
import dev.tidewatch.agent.collect.process.ProcFs;
import dev.tidewatch.agent.collect.process.ProcessInfo;
import dev.tidewatch.agent.collect.process.RecentProcesses;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Connections. The kernel's sockets are compared with the last look; with sock_diag it also says
 * which were closed, so that none is missed. Of one that lived between two looks the process is not
 * known any more, its user is. So looks come quickly while programs are being started, as far as
 * they cost little.
 */
public final class NetworkCollector implements Collector {
  private static final Logger LOG = System.getLogger(NetworkCollector.class.getName());
  private static final int MAX_COMMAND_LINE = 8 << 10;

  /** So long after the start of a program looks come quickly. */
  private static final long BUSY_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** A pause is so many times as long as the look before it: at most 1 % of a core. */
  private static final int REST = 100;

  private final NetworkOptions options;
  private final RecentProcesses recent;
  private final ProcFs proc;
  private final SocketOwners owners;
  private final UserNames users;

  /** Connections that were told of and are not known to be closed, with their inode. */
  private Map<Connection, Long> known = new HashMap<>();

  private Set<String> listening = new HashSet<>();

  private record Connection(
      String protocol, String localAddress, int localPort, String remoteAddress, int remotePort) {
    static Connection of(SocketEntry socket) {
      return new Connection(
          socket.protocol(),
          socket.localAddress(),
          socket.localPort(),
          socket.remoteAddress(),
          socket.remotePort());
    }
  }

  public NetworkCollector(NetworkOptions options) {
    this(options, new RecentProcesses());
  }

  /**
   * @param recent the programs that were started last
   */
  public NetworkCollector(NetworkOptions options, RecentProcesses recent) {
    this.options = options;
    this.recent = recent;
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
    try (Sockets sockets = open()) {
      while (!Thread.interrupted()) {
        long began = System.nanoTime();
        look(sockets, emitter);
        watch(sockets, emitter, System.nanoTime() - began);
      }
    }
    throw new InterruptedException();
  }

  Sockets open() {
    if (options.diag()) {
      try {
        return DiagSockets.open();
      } catch (IOException e) {
        LOG.log(
            Level.WARNING,
            "{0}; looking at /proc/net instead, which misses short connections",
            e.getMessage());
      }
    }
    return new ProcSockets(options.proc());
  }

  /** Until the next look is due. */
  private void watch(Sockets sockets, Emitter emitter, long lastLookNanos)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (!Thread.currentThread().isInterrupted()) {
      long left = pause(lastLookNanos) - (System.nanoTime() - began);
      if (left <= 0) {
        return;
      }
      // In short pieces, because a start of a program makes the pause shorter.
      int piece = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(Math.min(left, QUICK_NANOS)));
      closed(sockets.closed(piece), emitter);
    }
  }

  private long pause(long lastLookNanos) {
    long slow = options.interval().toNanos();
    boolean busy = options.diag() && recent.sinceStart() < BUSY_NANOS;
    return busy ? Math.min(slow, Math.max(QUICK_NANOS, lastLookNanos * REST)) : slow;
  }

  void look(Sockets sockets, Emitter emitter) throws IOException, InterruptedException {
    Map<Connection, Long> now = new HashMap<>();
    Map<Long, SocketEntry> fresh = new HashMap<>();
    Set<String> listeningNow = new HashSet<>();
    for (SocketEntry socket : sockets.read()) {
      if (socket.isListening()) {
        listeningNow.add(socket.protocol() + socket.localPort());
      } else if (socket.isConnected()) {
        Connection connection = Connection.of(socket);
        now.put(connection, socket.inode());
        Long before = known.get(connection);
        if (before == null || before != socket.inode()) {
          fresh.put(socket.inode(), socket);
        }
      }
    }
    // Those of the first look began before the agent did: told all the same, an attacker's may be
    // there.
    known = now;
    listening = listeningNow;
    if (!fresh.isEmpty()) {
      Map<Long, Integer> pids = owners.find(fresh.keySet());
      for (SocketEntry socket : fresh.values()) {
        tell(socket, pids.getOrDefault(socket.inode(), 0), emitter);
      }
    }
  }

  /** Those that no look has seen are told now; of the others the end is only noted. */
  void closed(List<SocketEntry> sockets, Emitter emitter) throws IOException, InterruptedException {
    List<SocketEntry> missed = new ArrayList<>();
    for (SocketEntry socket : sockets) {
      if (socket.hasRemoteEnd() && known.remove(Connection.of(socket)) == null) {
        missed.add(socket);
      }
    }
    for (SocketEntry socket : missed) {
      tell(socket, 0, emitter);
    }
  }

  private void tell(SocketEntry socket, int pid, Emitter emitter)
      throws IOException, InterruptedException {
    long micros = emitter.clock().millis() * 1000;
    Optional<ProcessInfo> process =
        pid == 0 ? Optional.empty() : proc.read(pid, micros / 1000).or(() -> recent.last(pid));
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
