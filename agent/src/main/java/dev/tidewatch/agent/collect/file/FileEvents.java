package dev.tidewatch.agent.collect.file;

import dev.tidewatch.agent.collect.Emitter;
import dev.tidewatch.agent.collect.Payload;
import dev.tidewatch.agent.collect.UserNames;
import dev.tidewatch.agent.collect.process.ProcessInfo;
import dev.tidewatch.events.v1.SourceHint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** A file that came, changed or went, in the terms of Sigma's {@code file_event} and its kin. */
final class FileEvents {
  private final UserNames users;

  FileEvents(UserNames users) {
    this.users = users;
  }

  /**
   * @param actor who did it, where that is known
   */
  void tell(
      SourceHint source,
      Path file,
      FileState before,
      FileState now,
      Optional<ProcessInfo> actor,
      Emitter emitter)
      throws IOException, InterruptedException {
    Payload payload =
        new Payload()
            .put("timestamp", emitter.clock().instant().toString())
            .put("TargetFilename", file.toString());
    if (actor.isPresent()) {
      payload
          .put("Image", actor.get().executable())
          .put("CommandLine", actor.get().commandLine())
          .put("ProcessId", actor.get().pid())
          .put("User", users.of(actor.get().uid()));
    }
    payload.put("Size", now.size());
    if (!now.sha256().isEmpty()) {
      payload.put("Hashes", "SHA256=" + now.sha256());
    }
    if (!before.sha256().equals(now.sha256()) && !before.sha256().isEmpty()) {
      payload.put("PreviousHashes", "SHA256=" + before.sha256());
    }
    owner(file, payload);
    emitter.emit(source, payload);
  }

  private static void owner(Path file, Payload payload) {
    try {
      PosixFileAttributes attributes =
          Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      payload.put("FileOwner", attributes.owner().getName());
      payload.put("FileMode", PosixFilePermissions.toString(attributes.permissions()));
    } catch (IOException | UnsupportedOperationException e) {
      return;
    }
  }
}
