package dev.tidewatch.agent.collect.inventory;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What was told already: of every item its key and a hash, in a file of lines of list, hash and
 * key. So a restart tells what changed meanwhile, not everything again.
 */
final class ToldItems {
  private static final int COLUMNS = 3;

  private final Path file;
  private final Map<String, Map<String, Long>> byList = new HashMap<>();
  private boolean changed;

  ToldItems(Path file) {
    this.file = file;
  }

  void load() throws IOException {
    byList.clear();
    if (!Files.isRegularFile(file)) {
      return;
    }
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] columns = line.split("\t", COLUMNS);
        if (columns.length == COLUMNS) {
          list(columns[0]).put(columns[2], Long.parseLong(columns[1], 16));
        } else if (columns.length == 1 && !line.isEmpty()) {
          list(line);
        }
      }
    } catch (NumberFormatException | CharacterCodingException e) {
      // Damaged: everything is told again.
      byList.clear();
    }
  }

  void saveIfChanged() throws IOException {
    if (!changed) {
      return;
    }
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (BufferedWriter out = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
      for (Map.Entry<String, Map<String, Long>> list : byList.entrySet()) {
        // Its name alone: it was told, though there was nothing in it.
        out.write(list.getKey() + "\n");
        for (Map.Entry<String, Long> item : list.getValue().entrySet()) {
          out.write(list.getKey() + "\t" + signed(item.getValue()) + "\t" + item.getKey() + "\n");
        }
      }
    }
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    changed = false;
  }

  private static String signed(long hash) {
    return Long.toString(hash, 16);
  }

  private Map<String, Long> list(String name) {
    return byList.computeIfAbsent(name, unused -> new HashMap<>());
  }

  boolean knows(String list) {
    return byList.containsKey(list);
  }

  /**
   * Remembers an item.
   *
   * @return the hash that it had before; null: it is new
   */
  @org.jspecify.annotations.Nullable
  Long put(String list, String key, long hash) {
    String one = key.replaceAll("[\\t\\r\\n]", " ");
    Long before = list(list).put(one, hash);
    changed |= before == null || before != hash;
    return before;
  }

  /** Marks a list as told. */
  void begin(String list) {
    changed |= !byList.containsKey(list);
    var unused = list(list);
  }

  /** Forgets all but {@code present} and returns their keys. */
  Set<String> removeOthers(String list, Set<String> present) {
    Set<String> gone = new HashSet<>(list(list).keySet());
    present.forEach(key -> gone.remove(key.replaceAll("[\\t\\r\\n]", " ")));
    gone.forEach(key -> list(list).remove(key));
    changed |= !gone.isEmpty();
    return gone;
  }
}
