package dev.tidewatch.agent.collect.log;

import dev.tidewatch.agent.collect.Collector;
import dev.tidewatch.agent.collect.Emitter;
import dev.tidewatch.agent.collect.Sources;
import dev.tidewatch.events.v1.SourceHint;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Follows log files. Every line is told at least once, also over restarts and crashes. */
public final class LogCollector implements Collector {
  private static final long BYTES_AT_ONCE = 1 << 20;
  private static final long FIND_FILES_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String name;
  private final LogOptions options;
  private final SourceHint source;
  private final Positions positions;
  private final Map<Path, TailedFile> tails = new LinkedHashMap<>();

  /** Lines that say what they are themselves. */
  public LogCollector(String name, LogOptions options) {
    this(name, options, Sources.RECOGNISED);
  }

  /**
   * @param source what every line is; the default instance: lines say it themselves
   */
  public LogCollector(String name, LogOptions options, SourceHint source) {
    this.name = name;
    this.options = options;
    this.source = source;
    this.positions = new Positions(options.positions());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<String> unavailable() {
    return findFiles().isEmpty()
        ? Optional.of("none of its files exists: " + String.join(", ", options.files()))
        : Optional.empty();
  }

  @Override
  public boolean canWait() {
    return true;
  }

  @Override
  public void run(Emitter emitter) throws IOException, InterruptedException {
    Files.createDirectories(options.positions().toAbsolutePath().getParent());
    boolean ranBefore = positions.load();
    try {
      open(ranBefore || options.fromBeginning());
      long looked = System.nanoTime();
      while (true) {
        if (!readAll(emitter)) {
          Thread.sleep(options.interval().toMillis());
        }
        if (System.nanoTime() - looked > FIND_FILES_NANOS) {
          open(true);
          looked = System.nanoTime();
        }
      }
    } finally {
      closeAll();
    }
  }

  private void open(boolean newOnesFromBeginning) throws IOException {
    for (Path path : findFiles()) {
      if (tails.containsKey(path) || tails.size() >= options.maxFiles()) {
        continue;
      }
      TailedFile tail =
          new TailedFile(path, options.maxLine(), options.rotationQuiet(), System::nanoTime);
      Optional<Positions.Position> position = positions.of(path);
      if (position.isPresent()) {
        resume(tail, path, position.get());
      } else if (!newOnesFromBeginning) {
        tail.skipToEnd();
      }
      tails.put(path, tail);
    }
  }

  /** Rotated while nobody watched, the rest of the file is under another name beside it. */
  private static void resume(TailedFile tail, Path path, Positions.Position position)
      throws IOException {
    Set<Path> places = new LinkedHashSet<>(List.of(path));
    Path parent = path.getParent();
    if (parent != null) {
      addMatching(parent, "*", places);
    }
    String name = path.getFileName().toString();
    for (Path place : places) {
      if (place.getFileName().toString().startsWith(name) && tail.resume(place, position)) {
        return;
      }
    }
  }

  private Set<Path> findFiles() {
    Set<Path> found = new TreeSet<>();
    for (String file : options.files()) {
      Path path = Path.of(file);
      Path name = path.getFileName();
      Path parent = path.getParent();
      if (name == null || parent == null) {
        continue;
      }
      if (name.toString().chars().noneMatch(c -> c == '*' || c == '?' || c == '[' || c == '{')) {
        if (Files.isRegularFile(path)) {
          found.add(path);
        }
      } else if (Files.isDirectory(parent)) {
        addMatching(parent, name.toString(), found);
      }
    }
    return found;
  }

  private static void addMatching(Path parent, String glob, Set<Path> into) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, glob)) {
      for (Path entry : entries) {
        if (Files.isRegularFile(entry)) {
          into.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return;
    }
  }

  /**
   * Lines first into the spool, then the position to disk: a crash between repeats, never skips.
   */
  private boolean readAll(Emitter emitter) throws IOException, InterruptedException {
    boolean more = false;
    boolean told = false;
    for (Map.Entry<Path, TailedFile> entry : tails.entrySet()) {
      Path path = entry.getKey();
      TailedFile tail = entry.getValue();
      more |= tail.read((line, cut) -> tell(emitter, path, line, cut), BYTES_AT_ONCE);
      Positions.Position position = tail.position();
      if (tail.isOpen() && !positions.of(path).equals(Optional.of(position))) {
        positions.put(path, position);
        told = true;
      }
    }
    if (told) {
      emitter.flush();
      positions.save();
    }
    return more;
  }

  private void tell(Emitter emitter, Path path, String line, boolean cut)
      throws IOException, InterruptedException {
    LineParser.Line parsed =
        LineParser.parse(line, path.toString(), cut, emitter.clock().instant());
    boolean given = !source.equals(Sources.RECOGNISED);
    emitter.emit(
        given ? source : parsed.source(),
        path.toString(),
        parsed.json(),
        emitter.clock().millis() * 1000);
  }

  private void closeAll() throws IOException {
    for (TailedFile tail : tails.values()) {
      tail.close();
    }
    tails.clear();
  }
}
