package dev.tidewatch.agent.collect.inventory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Whether a file, or what lies directly in a directory, was changed since the last question. */
final class WatchedFile {
  private final Path path;
  private String seen = "";

  WatchedFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  boolean exists() {
    return Files.exists(path);
  }

  boolean hasChanged() {
    String now;
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      now = attributes.fileKey() + " " + attributes.size() + " " + attributes.lastModifiedTime();
    } catch (IOException e) {
      now = "none";
    }
    boolean changed = !now.equals(seen);
    seen = now;
    return changed;
  }

  void forget() {
    seen = "";
  }
}
