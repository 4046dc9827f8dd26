package dev.tidewatch.agent.collect.file;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The remembered states of watched files, by path, and their file: one line each of size, time,
 * hash and path. A path with a line break is not remembered.
 */
final class Baseline {
  private final Path file;
  private final Map<String, FileState> states = new HashMap<>();
  private boolean changed;

  Baseline(Path file) {
    this.file = file;
  }

  /**
   * @return whether there was one
   */
  boolean load() throws IOException {
    states.clear();
    if (!Files.isRegularFile(file)) {
      changed = true;
      return false;
    }
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] columns = line.split("\t", 4);
        if (columns.length == 4) {
          states.put(
              columns[3],
              new FileState(Long.parseLong(columns[0]), Long.parseLong(columns[1]), columns[2]));
        }
      }
      return true;
    } catch (NumberFormatException | java.nio.charset.CharacterCodingException e) {
      // Damaged: as if there were none.
      states.clear();
      return false;
    }
  }

  void saveIfChanged() throws IOException {
    if (!changed) {
      return;
    }
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (BufferedWriter out = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
      for (Map.Entry<String, FileState> entry : states.entrySet()) {
        FileState state = entry.getValue();
        if (entry.getKey().indexOf('\n') < 0 && isEncodable(entry.getKey())) {
          out.write(state.size() + "\t" + state.modifiedMillis() + "\t" + state.sha256() + "\t");
          out.write(entry.getKey() + "\n");
        }
      }
    }
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    changed = false;
  }

  private static boolean isEncodable(String path) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(path);
  }

  Map<String, FileState> states() {
    return states;
  }

  void put(Path path, FileState state) {
    changed |= !state.equals(states.put(path.toString(), state));
  }

  void remove(Path path) {
    changed |= states.remove(path.toString()) != null;
  }
}
