package dev.tidewatch.agent.collect.process;

import com.google.protobuf.ByteString;
import dev.tidewatch.agent.collect.FileHashes;
import dev.tidewatch.agent.collect.Payload;
import dev.tidewatch.agent.collect.UserNames;
import java.nio.file.Path;
import java.time.Instant;

/** A process that started or ended, in the terms of Sigma's Linux taxonomy. */
final class ProcessEvents {
  private final UserNames users;
  private final FileHashes hashes;

  ProcessEvents(UserNames users, FileHashes hashes) {
    this.users = users;
    this.hashes = hashes;
  }

  ByteString started(ProcessInfo process, ProcessInfo parent, long micros) {
    Payload payload =
        head(process, micros)
            .put("CommandLine", process.commandLine())
            .put("CurrentDirectory", process.directory())
            .put("ParentProcessId", process.parentPid())
            .put("ParentImage", parent.executable())
            .put("ParentCommandLine", parent.commandLine())
            .put("ParentUser", users.of(parent.uid()));
    if (process.loginUid() >= 0) {
      payload.put("LogonUser", users.of(process.loginUid()));
    }
    if (!process.executable().isEmpty()) {
      hashes
          .sha256(Path.of(process.executable()))
          .ifPresent(hash -> payload.put("Hashes", "SHA256=" + hash));
    }
    return payload.json();
  }

  /**
   * @param status as {@code wait} gives it; negative: not known
   */
  ByteString ended(ProcessInfo process, int status, long micros) {
    Payload payload =
        head(process, micros)
            .put("CommandLine", process.commandLine())
            .put("ParentProcessId", process.parentPid())
            .put("DurationMs", Math.max(0, micros / 1000 - process.startMillis()));
    if (status >= 0) {
      payload.put("ExitCode", (status >> 8) & 0xff);
    }
    if (status > 0 && (status & 0x7f) != 0) {
      payload.put("Signal", status & 0x7f);
    }
    return payload.json();
  }

  private Payload head(ProcessInfo process, long micros) {
    return new Payload()
        .put("timestamp", time(micros))
        .put("ProcessId", process.pid())
        .put("Image", process.executable())
        .put("User", users.of(process.uid()));
  }

  static String time(long micros) {
    return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000).toString();
  }
}
