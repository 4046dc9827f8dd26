package dev.tidewatch.agent.collect.network;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Which process holds which socket, by the links of {@code /proc/PID/fd}. */
final class SocketOwners {
  private static final String SOCKET = "socket:[";

  private final Path proc;

  SocketOwners(Path proc) {
    this.proc = proc;
  }

  /** Process ids of the wanted inodes, as far as they are found. */
  Map<Long, Integer> find(Set<Long> inodes) throws IOException {
    Map<Long, Integer> owners = new HashMap<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[1-9]*")) {
      for (Path process : processes) {
        if (owners.size() == inodes.size()) {
          break;
        }
        search(process, inodes, owners);
      }
    }
    return owners;
  }

  private static void search(Path process, Set<Long> inodes, Map<Long, Integer> owners) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      int pid = Integer.parseInt(process.getFileName().toString());
      for (Path descriptor : descriptors) {
        long inode = inode(descriptor);
        if (inodes.contains(inode)) {
          owners.putIfAbsent(inode, pid);
        }
      }
    } catch (IOException | NumberFormatException | java.nio.file.DirectoryIteratorException e) {
      // It has ended, or is somebody else's.
      return;
    }
  }

  private static long inode(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith(SOCKET)
          ? Long.parseLong(target, SOCKET.length(), target.length() - 1, 10)
          : -1;
    } catch (IOException | NumberFormatException e) {
      return -1;
    }
  }
}
