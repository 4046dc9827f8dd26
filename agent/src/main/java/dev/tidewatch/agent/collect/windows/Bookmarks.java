package dev.tidewatch.agent.collect.windows;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far every channel was read: lines of channel and Windows' own XML of a bookmark, in a file
 * that is replaced as a whole.
 */
final class Bookmarks {
  private static final int MAX_BYTES = 1 << 20;

  private final Path file;
  private final Map<String, String> byChannel = new LinkedHashMap<>();

  Bookmarks(Path file) {
    this.file = file;
  }

  void load() throws IOException {
    byChannel.clear();
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      return;
    }
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        int tab = line.indexOf('\t');
        if (tab > 0) {
          byChannel.put(line.substring(0, tab), line.substring(tab + 1));
        }
      }
    } catch (CharacterCodingException e) {
      // Damaged: as on the first day.
      byChannel.clear();
    }
  }

  /** Empty: there is none. */
  String of(String channel) {
    return byChannel.getOrDefault(channel, "");
  }

  void put(String channel, String xml) {
    byChannel.put(channel, xml.replaceAll("[\\r\\n]+", " "));
  }

  void save() throws IOException {
    StringBuilder text = new StringBuilder();
    byChannel.forEach((channel, xml) -> text.append(channel).append('\t').append(xml).append('\n'));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
