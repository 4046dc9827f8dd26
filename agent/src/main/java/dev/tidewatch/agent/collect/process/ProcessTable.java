package dev.tidewatch.agent.collect.process;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The processes that are alive, as last read. What a process was is needed when it is a parent, and
 * when it ends. Owned by the thread that listens.
 */
final class ProcessTable {
  private final Map<Integer, ProcessInfo> alive = new HashMap<>();
  private final ProcFs proc;

  ProcessTable(ProcFs proc) {
    this.proc = proc;
  }

  Optional<ProcessInfo> get(int pid) {
    return Optional.ofNullable(alive.get(pid));
  }

  /** Known, or read now; unknown when it is gone already. */
  ProcessInfo getOrRead(int pid, long nowMillis) {
    ProcessInfo known = alive.get(pid);
    if (known == null && pid > 0) {
      Optional<ProcessInfo> read = proc.read(pid, nowMillis);
      read.ifPresent(this::put);
      known = read.orElse(null);
    }
    return known == null ? ProcessInfo.unknown(pid, 0, nowMillis) : known;
  }

  void put(ProcessInfo process) {
    alive.put(process.pid(), process);
  }

  Optional<ProcessInfo> remove(int pid) {
    return Optional.ofNullable(alive.remove(pid));
  }

  /** A child begins as a copy of its parent. */
  void fork(int parent, int child, long nowMillis) {
    alive.put(child, getOrRead(parent, nowMillis).withPid(child, parent, nowMillis));
  }

  Map<Integer, ProcessInfo> alive() {
    return alive;
  }
}
