package dev.tidewatch.agent.collect.inventory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Packages of dpkg, apk and rpm, from their databases. Of rpm its SQLite database, which it has had
 * since 4.16; older ones are not read.
 */
final class InstalledPackages implements ItemSource {
  private static final List<String> RPM =
      List.of("var/lib/rpm/rpmdb.sqlite", "usr/lib/sysimage/rpm/rpmdb.sqlite");
  private static final int MAX_LINE = 4096;

  private final WatchedFile dpkg;
  private final WatchedFile apk;
  private final List<WatchedFile> rpm;

  /**
   * @param root of the file system
   */
  InstalledPackages(Path root) {
    this.dpkg = new WatchedFile(root.resolve("var/lib/dpkg/status"));
    this.apk = new WatchedFile(root.resolve("lib/apk/db/installed"));
    this.rpm = RPM.stream().map(root::resolve).map(WatchedFile::new).toList();
  }

  @Override
  public String service() {
    return "packages";
  }

  @Override
  public int ocsfClass() {
    return 5020;
  }

  @Override
  public Optional<List<InventoryItem>> read() throws IOException {
    boolean changed = dpkg.hasChanged() | apk.hasChanged();
    boolean some = dpkg.exists() || apk.exists();
    for (WatchedFile database : rpm) {
      changed |= database.hasChanged();
      some |= database.exists();
    }
    if (!changed || !some) {
      return Optional.empty();
    }
    Map<String, InventoryItem> packages = new LinkedHashMap<>();
    if (dpkg.exists()) {
      dpkg(dpkg.path(), packages);
    }
    if (apk.exists()) {
      apk(apk.path(), packages);
    }
    for (WatchedFile database : rpm) {
      if (database.exists()) {
        RpmDatabase.read(database.path(), found -> add(found, packages));
      }
    }
    return Optional.of(new ArrayList<>(packages.values()));
  }

  /** Stanzas of {@code Name: value}, of which those count whose status ends with installed. */
  private static void dpkg(Path file, Map<String, InventoryItem> into) throws IOException {
    stanzas(
        file,
        ": ",
        stanza -> {
          if (stanza.getOrDefault("Status", "").endsWith(" installed")) {
            add(
                new InstalledPackage(
                    "dpkg",
                    stanza.getOrDefault("Package", ""),
                    stanza.getOrDefault("Version", ""),
                    stanza.getOrDefault("Architecture", ""),
                    stanza.getOrDefault("Maintainer", "")),
                into);
          }
        });
  }

  /** Stanzas of {@code P:name}, one letter each. */
  private static void apk(Path file, Map<String, InventoryItem> into) throws IOException {
    stanzas(
        file,
        ":",
        stanza ->
            add(
                new InstalledPackage(
                    "apk",
                    stanza.getOrDefault("P", ""),
                    stanza.getOrDefault("V", ""),
                    stanza.getOrDefault("A", ""),
                    stanza.getOrDefault("m", "")),
                into));
  }

  private interface StanzaSink {
    void take(Map<String, String> stanza);
  }

  private static void stanzas(Path file, String separator, StanzaSink sink) throws IOException {
    // A reader of its own: bytes that are no UTF-8 do not end it.
    try (Reader reader = new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8);
        BufferedReader lines = new BufferedReader(reader)) {
      Map<String, String> stanza = new HashMap<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int at = line.indexOf(separator);
        if (line.isEmpty()) {
          sink.take(stanza);
          stanza.clear();
        } else if (at > 0 && line.charAt(0) != ' ' && line.length() <= MAX_LINE) {
          stanza.putIfAbsent(line.substring(0, at), line.substring(at + separator.length()));
        }
      }
      sink.take(stanza);
    }
  }

  private static void add(InstalledPackage found, Map<String, InventoryItem> into) {
    if (found.name().isEmpty()) {
      return;
    }
    // Of a kernel there may be several versions at once.
    String key = found.manager() + " " + found.name() + " " + found.architecture();
    String free = into.containsKey(key) ? key + " " + found.version() : key;
    into.put(free, new InventoryItem(free, found.fields()));
  }

  @Override
  public void forget() {
    dpkg.forget();
  }
}
