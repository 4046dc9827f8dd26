package dev.tidewatch.agent.collect.process;

import dev.tidewatch.agent.collect.kernel.SmallFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads processes from {@code /proc}. Every read can fail: processes end when they like. */
public final class ProcFs {
  private static final String DELETED = " (deleted)";
  private static final int STATUS_BYTES = 2048;
  private static final long UNSET_LOGIN = 4294967295L;

  private final Path root;
  private final String prefix;
  private final int maxCommandLine;
  private final SmallFiles files = new SmallFiles();

  /**
   * @param maxCommandLine bytes of a command line that are read
   */
  public ProcFs(Path root, int maxCommandLine) {
    this.root = root;
    this.prefix = root + "/";
    this.maxCommandLine = maxCommandLine;
  }

  /**
   * The process, as much as can be read of it; empty when it is gone, or is a kernel thread. Of one
   * that ends while it is read, parent and user can be missing.
   */
  public Optional<ProcessInfo> read(int pid, long nowMillis) {
    String process = prefix + pid;
    // The shortest lived first: what it runs and with which arguments.
    String commandLine = commandLine(process);
    String executable = withoutMark(files.link(process + "/exe"));
    if (executable.isEmpty() && commandLine.isEmpty()) {
      return Optional.empty();
    }
    String directory = withoutMark(files.link(process + "/cwd"));
    String status = text(process + "/status", STATUS_BYTES);
    return Optional.of(
        new ProcessInfo(
            pid,
            number(status, "\nPPid:", 0),
            number(status, "\nUid:", -1),
            loginUid(process),
            executable,
            commandLine,
            directory,
            nowMillis));
  }

  /** Arguments with spaces between; as other sensors write them, without quoting. */
  private String commandLine(String process) {
    byte[] bytes = files.read(process + "/cmdline", maxCommandLine);
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] == 0) {
      length--;
    }
    for (int i = 0; i < length; i++) {
      bytes[i] = bytes[i] == 0 ? (byte) ' ' : bytes[i];
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private int loginUid(String process) {
    String text = text(process + "/loginuid", 16).strip();
    try {
      long uid = text.isEmpty() ? UNSET_LOGIN : Long.parseLong(text);
      return uid == UNSET_LOGIN ? -1 : (int) uid;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** All processes. */
  public List<Integer> pids() throws IOException {
    List<Integer> pids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "[1-9]*")) {
      for (Path entry : entries) {
        try {
          pids.add(Integer.valueOf(entry.getFileName().toString()));
        } catch (NumberFormatException e) {
          continue;
        }
      }
    }
    return pids;
  }

  /** Clock ticks between the machine's start and the process's; -1 when it is gone. */
  public long startTicks(int pid) {
    String stat = text(prefix + pid + "/stat", STATUS_BYTES);
    // The name in parentheses may hold anything, also spaces and parentheses.
    int behindName = stat.lastIndexOf(')');
    if (behindName < 0) {
      return -1;
    }
    String[] fields = stat.substring(behindName + 2).split(" ", -1);
    return fields.length > 19 ? Long.parseLong(fields[19]) : -1;
  }

  private static String withoutMark(String path) {
    return path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path;
  }

  private String text(String file, int limit) {
    return new String(files.read(file, limit), StandardCharsets.UTF_8);
  }

  private static int number(String status, String label, int otherwise) {
    int at = status.indexOf(label);
    if (at < 0) {
      return otherwise;
    }
    int from = at + label.length();
    while (from < status.length() && Character.isWhitespace(status.charAt(from))) {
      from++;
    }
    int to = from;
    while (to < status.length() && Character.isDigit(status.charAt(to))) {
      to++;
    }
    return to == from ? otherwise : Integer.parseInt(status, from, to, 10);
  }
}
