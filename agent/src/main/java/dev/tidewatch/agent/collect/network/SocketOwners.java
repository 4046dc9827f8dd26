package dev.tidewatch.agent.collect.network;

import dev.tidewatch.agent.collect.kernel.SmallFiles;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which process holds which socket, by the links of {@code /proc/PID/fd}. Processes that held one
 * lately are asked first, then the youngest: what is short-lived is among them.
 */
public final class SocketOwners {
  private static final String SOCKET = "socket:[";
  private static final int REMEMBERED = 32;

  private final Path proc;
  private final SmallFiles files = new SmallFiles();
  private final Map<Integer, Boolean> lately =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  public SocketOwners(Path proc) {
    this.proc = proc;
  }

  /** Process ids of the wanted inodes, as far as they are found. */
  public Map<Long, Integer> find(Set<Long> inodes) throws IOException {
    Map<Long, Integer> owners = new HashMap<>();
    List<Integer> asked = new ArrayList<>(lately.keySet());
    Collections.reverse(asked);
    search(asked, inodes, owners);
    if (owners.size() < inodes.size()) {
      List<Integer> others = pids();
      others.removeAll(asked);
      search(others, inodes, owners);
    }
    owners.values().forEach(pid -> lately.put(pid, true));
    return owners;
  }

  private List<Integer> pids() throws IOException {
    List<Integer> pids = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[1-9]*")) {
      for (Path process : processes) {
        try {
          pids.add(Integer.valueOf(process.getFileName().toString()));
        } catch (NumberFormatException e) {
          continue;
        }
      }
    }
    pids.sort(Comparator.reverseOrder());
    return pids;
  }

  private void search(List<Integer> pids, Set<Long> inodes, Map<Long, Integer> owners) {
    for (int pid : pids) {
      if (owners.size() == inodes.size()) {
        return;
      }
      search(pid, inodes, owners);
    }
  }

  private void search(int pid, Set<Long> inodes, Map<Long, Integer> owners) {
    Path directory = proc.resolve(pid + "/fd");
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(directory)) {
      for (Path descriptor : descriptors) {
        long inode = inode(files.link(descriptor.toString()));
        if (inodes.contains(inode)) {
          owners.putIfAbsent(inode, pid);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // It has ended, or is somebody else's.
      return;
    }
  }

  private static long inode(String target) {
    if (!target.startsWith(SOCKET)) {
      return -1;
    }
    try {
      return Long.parseLong(target, SOCKET.length(), target.length() - 1, 10);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
