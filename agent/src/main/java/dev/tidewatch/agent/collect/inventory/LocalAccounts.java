package dev.tidewatch.agent.collect.inventory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Accounts of {@code /etc/passwd}, with the groups that name them. */
final class LocalAccounts implements ItemSource {
  private final WatchedFile passwd;
  private final WatchedFile group;

  LocalAccounts(Path passwd, Path group) {
    this.passwd = new WatchedFile(passwd);
    this.group = new WatchedFile(group);
  }

  @Override
  public String service() {
    return "users";
  }

  @Override
  public int ocsfClass() {
    return 5003;
  }

  @Override
  public Optional<List<InventoryItem>> read() throws IOException {
    boolean changed = passwd.hasChanged() | group.hasChanged();
    if (!changed || !passwd.exists()) {
      return Optional.empty();
    }
    Map<String, TreeSet<String>> groups = groups();
    Map<String, InventoryItem> accounts = new LinkedHashMap<>();
    for (String line : lines(passwd.path())) {
      String[] columns = line.split(":", -1);
      if (columns.length >= 7 && !columns[0].isEmpty()) {
        accounts.putIfAbsent(columns[0], account(columns, groups));
      }
    }
    return Optional.of(new ArrayList<>(accounts.values()));
  }

  private static InventoryItem account(String[] columns, Map<String, TreeSet<String>> groups) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("User", columns[0]);
    fields.put("UserId", columns[2]);
    fields.put("GroupId", columns[3]);
    fields.put("FullName", columns[4]);
    fields.put("HomeDirectory", columns[5]);
    fields.put("Shell", columns[6]);
    fields.put("Groups", String.join(" ", groups.getOrDefault(columns[0], new TreeSet<>())));
    return new InventoryItem(columns[0], fields);
  }

  private Map<String, TreeSet<String>> groups() throws IOException {
    Map<String, TreeSet<String>> groups = new TreeMap<>();
    if (!group.exists()) {
      return groups;
    }
    for (String line : lines(group.path())) {
      String[] columns = line.split(":", -1);
      if (columns.length >= 4) {
        for (String user : columns[3].split(",", -1)) {
          groups.computeIfAbsent(user.strip(), name -> new TreeSet<>()).add(columns[0]);
        }
      }
    }
    return groups;
  }

  /** Bytes that are no UTF-8 do not end it. */
  private static List<String> lines(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
  }

  @Override
  public void forget() {
    passwd.forget();
  }
}
