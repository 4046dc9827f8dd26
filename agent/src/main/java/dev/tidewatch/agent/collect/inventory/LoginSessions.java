package dev.tidewatch.agent.collect.inventory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who is logged in: {@code utmp}, whose records of 384 bytes hold a type (2), the process (4 at 4),
 * terminal (32 at 8), user (32 at 44), host (256 at 76) and time (4 at 340); and the files of
 * systemd-logind, which newer systems have instead.
 */
final class LoginSessions implements ItemSource {
  private static final int RECORD = 384;
  private static final int USER_PROCESS = 7;
  private static final int MAX_FILE = 1 << 20;

  private final WatchedFile utmp;
  private final WatchedFile logind;

  LoginSessions(Path utmp, Path logind) {
    this.utmp = new WatchedFile(utmp);
    this.logind = new WatchedFile(logind);
  }

  @Override
  public String service() {
    return "sessions";
  }

  @Override
  public int ocsfClass() {
    return 5003;
  }

  @Override
  public Optional<List<InventoryItem>> read() throws IOException {
    boolean changed = utmp.hasChanged() | logind.hasChanged();
    if (!changed || (!utmp.exists() && !logind.exists())) {
      return Optional.empty();
    }
    Map<String, InventoryItem> sessions = new LinkedHashMap<>();
    if (utmp.exists() && Files.size(utmp.path()) <= MAX_FILE) {
      for (InventoryItem session : utmp(Files.readAllBytes(utmp.path()))) {
        sessions.putIfAbsent(session.key(), session);
      }
    }
    if (sessions.isEmpty() && logind.exists()) {
      for (InventoryItem session : logind(logind.path())) {
        sessions.putIfAbsent(session.key(), session);
      }
    }
    return Optional.of(new ArrayList<>(sessions.values()));
  }

  static List<InventoryItem> utmp(byte[] file) {
    List<InventoryItem> sessions = new ArrayList<>();
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.nativeOrder());
    for (int at = 0; at + RECORD <= file.length; at += RECORD) {
      if (buffer.getShort(at) == USER_PROCESS) {
        long since = Integer.toUnsignedLong(buffer.getInt(at + 340));
        sessions.add(
            session(
                text(file, at + 44, 32),
                text(file, at + 8, 32),
                text(file, at + 76, 256),
                Instant.ofEpochSecond(since).toString()));
      }
    }
    return sessions;
  }

  private static String text(byte[] bytes, int from, int length) {
    int to = from;
    while (to < from + length && bytes[to] != 0) {
      to++;
    }
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  private static List<InventoryItem> logind(Path directory) {
    List<InventoryItem> sessions = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (Files.isRegularFile(file) && Files.size(file) < MAX_FILE) {
          Map<String, String> values = new LinkedHashMap<>();
          for (String line : Files.readAllLines(file)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
              values.put(line.substring(0, equals), line.substring(equals + 1));
            }
          }
          if (values.getOrDefault("CLASS", "user").equals("user") && values.containsKey("USER")) {
            sessions.add(logind(values));
          }
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // A session ended while it was read; the next look has it right.
      return sessions;
    }
    return sessions;
  }

  private static InventoryItem logind(Map<String, String> values) {
    String since = values.getOrDefault("REALTIME", "");
    String time =
        since.matches("\\d{1,18}")
            ? Instant.ofEpochMilli(Long.parseLong(since) / 1000).toString()
            : "";
    return session(
        values.getOrDefault("USER", ""),
        values.getOrDefault("TTY", values.getOrDefault("SERVICE", "")),
        values.getOrDefault("REMOTE_HOST", ""),
        time);
  }

  private static InventoryItem session(String user, String terminal, String host, String since) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("User", user);
    fields.put("Terminal", terminal);
    fields.put("SourceHost", host);
    fields.put("LogonTime", since);
    return new InventoryItem(user + " " + terminal + " " + host + " " + since, fields);
  }

  @Override
  public void forget() {
    utmp.forget();
    logind.forget();
  }
}
