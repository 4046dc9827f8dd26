package dev.tidewatch.agent.collect.process;

/**
 * A process as {@code /proc} shows it. Text is empty where it could not be read.
 *
 * @param parentPid 0: unknown, or there is none
 * @param uid -1: unknown
 * @param executable path, without the kernel's {@code (deleted)}
 * @param startMillis since the Unix epoch, when it was first seen
 */
public record ProcessInfo(
    int pid,
    int parentPid,
    int uid,
    int loginUid,
    String executable,
    String commandLine,
    String directory,
    long startMillis) {
  public static ProcessInfo unknown(int pid, int parentPid, long startMillis) {
    return new ProcessInfo(pid, parentPid, -1, -1, "", "", "", startMillis);
  }

  boolean runsTheSame(ProcessInfo other) {
    return executable.equals(other.executable) && commandLine.equals(other.commandLine);
  }

  /** With the parent that it was forked by, where that could not be read any more. */
  ProcessInfo forkedBy(int parent) {
    return parentPid != 0
        ? this
        : new ProcessInfo(
            pid, parent, uid, loginUid, executable, commandLine, directory, startMillis);
  }

  ProcessInfo withExecutable(String image) {
    return new ProcessInfo(
        pid, parentPid, uid, loginUid, image, commandLine, directory, startMillis);
  }

  ProcessInfo withCommandLine(String line) {
    return new ProcessInfo(pid, parentPid, uid, loginUid, executable, line, directory, startMillis);
  }

  ProcessInfo withPid(int child, int parent, long millis) {
    return new ProcessInfo(
        child, parent, uid, loginUid, executable, commandLine, directory, millis);
  }
}
