package dev.tidewatch.agent.collect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of user ids from {@code /etc/passwd}, read again when the file changes. Thread-safe. */
public final class UserNames {
  private static final long LOOK_AGAIN_NANOS = 5_000_000_000L;

  private final Path passwd;
  private Map<Integer, String> names = Map.of();
  private @Nullable FileTime readAt;
  private long lookedNanos;

  public UserNames(Path passwd) {
    this.passwd = passwd;
  }

  /** The name; the number itself when there is none; empty for a negative id. */
  public synchronized String of(int uid) {
    if (uid < 0) {
      return "";
    }
    refresh();
    return names.getOrDefault(uid, Integer.toString(uid));
  }

  private void refresh() {
    long now = System.nanoTime();
    if (readAt != null && now - lookedNanos < LOOK_AGAIN_NANOS) {
      return;
    }
    lookedNanos = now;
    try {
      FileTime modified = Files.getLastModifiedTime(passwd);
      if (!modified.equals(readAt)) {
        names = read();
        readAt = modified;
      }
    } catch (IOException e) {
      readAt = FileTime.fromMillis(0);
    }
  }

  private Map<Integer, String> read() throws IOException {
    Map<Integer, String> read = new HashMap<>();
    for (String line : Files.readAllLines(passwd)) {
      String[] columns = line.split(":", -1);
      try {
        if (columns.length > 2) {
          read.putIfAbsent(Integer.valueOf(columns[2]), columns[0]);
        }
      } catch (NumberFormatException e) {
        continue;
      }
    }
    return read;
  }
}
