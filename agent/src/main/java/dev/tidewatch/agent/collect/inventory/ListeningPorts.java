package dev.tidewatch.agent.collect.inventory;

import dev.tidewatch.agent.collect.UserNames;
import dev.tidewatch.agent.collect.network.SocketEntry;
import dev.tidewatch.agent.collect.network.SocketOwners;
import dev.tidewatch.agent.collect.network.Sockets;
import dev.tidewatch.agent.collect.process.ProcFs;
import dev.tidewatch.agent.collect.process.ProcessInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Ports that something listens on, and what. Without UDP ports above 32767, which every question to
 * a name server opens for a moment.
 */
final class ListeningPorts implements ItemSource {
  private static final int EPHEMERAL = 32768;
  private static final int MAX_COMMAND_LINE = 4096;

  private final Supplier<Sockets> open;
  private final SocketOwners owners;
  private final ProcFs proc;
  private final UserNames users;

  /** Who held a socket never changes while it listens: looked up once. */
  private Map<Long, Integer> known = new HashMap<>();

  ListeningPorts(Supplier<Sockets> open, Path proc, UserNames users) {
    this.open = open;
    this.owners = new SocketOwners(proc);
    this.proc = new ProcFs(proc, MAX_COMMAND_LINE);
    this.users = users;
  }

  @Override
  public String service() {
    return "ports";
  }

  @Override
  public int ocsfClass() {
    return 5001;
  }

  @Override
  public Optional<List<InventoryItem>> read() throws IOException {
    Map<Long, SocketEntry> listening = new LinkedHashMap<>();
    try (Sockets sockets = open.get()) {
      for (SocketEntry socket : sockets.read()) {
        boolean passing = socket.protocol().equals("udp") && socket.localPort() >= EPHEMERAL;
        if (socket.isListening() && !passing) {
          listening.put(socket.inode(), socket);
        }
      }
    }
    Map<Long, Integer> pids = pids(listening);
    Map<String, InventoryItem> items = new LinkedHashMap<>();
    for (SocketEntry socket : listening.values()) {
      InventoryItem item = item(socket, pids.getOrDefault(socket.inode(), 0));
      items.putIfAbsent(item.key(), item);
    }
    return Optional.of(new ArrayList<>(items.values()));
  }

  private Map<Long, Integer> pids(Map<Long, SocketEntry> listening) throws IOException {
    Map<Long, SocketEntry> fresh = new HashMap<>(listening);
    fresh.keySet().removeAll(known.keySet());
    Map<Long, Integer> pids = fresh.isEmpty() ? new HashMap<>() : owners.find(fresh.keySet());
    for (Long inode : listening.keySet()) {
      Integer pid = known.get(inode);
      if (pid != null) {
        pids.put(inode, pid);
      }
    }
    known = pids;
    return pids;
  }

  private InventoryItem item(SocketEntry socket, int pid) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("Protocol", socket.protocol());
    fields.put("LocalAddress", socket.localAddress());
    fields.put("LocalPort", Integer.toString(socket.localPort()));
    fields.put("User", users.of(socket.uid()));
    Map<String, String> moving = new LinkedHashMap<>();
    Optional<ProcessInfo> process = pid == 0 ? Optional.empty() : proc.read(pid, 0);
    if (process.isPresent()) {
      fields.put("Image", process.get().executable());
      moving.put("CommandLine", process.get().commandLine());
      moving.put("ProcessId", Integer.toString(pid));
    }
    String key = socket.protocol() + " " + socket.localAddress() + " " + socket.localPort();
    return new InventoryItem(key, fields, moving);
  }
}
