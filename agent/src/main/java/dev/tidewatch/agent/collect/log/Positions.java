package dev.tidewatch.agent.collect.log;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How far every file was read, kept in a file of its own that is replaced as a whole. */
final class Positions {
  private final Path file;
  private final Map<String, Position> byPath = new LinkedHashMap<>();

  /**
   * @param fileKey inode and device; another one: another file
   * @param offset bytes that were read
   * @param headLength bytes at the beginning of the file that {@code headCrc} is over
   * @param headCrc CRC32C; another one: the file was written anew
   */
  record Position(String fileKey, long offset, int headLength, long headCrc) {}

  Positions(Path file) {
    this.file = file;
  }

  /**
   * Reads what was kept.
   *
   * @return whether anything ever was, though it may be damaged
   */
  boolean load() throws IOException {
    byPath.clear();
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] columns = line.split("\t", 5);
        if (columns.length == 5) {
          byPath.put(
              columns[4],
              new Position(
                  columns[0],
                  Long.parseLong(columns[1]),
                  Integer.parseInt(columns[2]),
                  Long.parseLong(columns[3])));
        }
      }
    } catch (NumberFormatException | CharacterCodingException e) {
      // Damaged: files are read from their beginning, rather twice than never.
      byPath.clear();
    }
    return true;
  }

  Optional<Position> of(Path path) {
    return Optional.ofNullable(byPath.get(path.toString()));
  }

  void put(Path path, Position position) {
    byPath.put(path.toString(), position);
  }

  void save() throws IOException {
    StringBuilder text = new StringBuilder();
    byPath.forEach(
        (path, p) ->
            text.append(p.fileKey())
                .append('\t')
                .append(p.offset())
                .append('\t')
                .append(p.headLength())
                .append('\t')
                .append(p.headCrc())
                .append('\t')
                .append(path)
                .append('\n'));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
