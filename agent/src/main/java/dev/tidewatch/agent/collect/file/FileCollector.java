package dev.tidewatch.agent.collect.file;

import dev.tidewatch.agent.collect.Collector;
import dev.tidewatch.agent.collect.Emitter;
import dev.tidewatch.agent.collect.FileHashes;
import dev.tidewatch.agent.collect.Payload;
import dev.tidewatch.agent.collect.Sources;
import dev.tidewatch.events.v1.SourceHint;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Watches files. Not: who changed them; the kernel's watch does not say. */
public final class FileCollector implements Collector {
  private static final long IDLE_MILLIS = 60_000;
  private static final long FIND_NEW_ROOTS_MILLIS = 60_000;

  private final FileOptions options;
  private final FileHashes hashes;

  public FileCollector(FileOptions options) {
    this.options = options;
    this.hashes = new FileHashes(options.maxHashBytes());
  }

  @Override
  public String name() {
    return "file";
  }

  @Override
  public Optional<String> unavailable() {
    return options.watch().isEmpty()
        ? Optional.of("no files to watch are configured")
        : Optional.empty();
  }

  @Override
  public boolean canWait() {
    return false;
  }

  @Override
  public void run(Emitter emitter) throws IOException, InterruptedException {
    Files.createDirectories(options.baseline().toAbsolutePath().getParent());
    try (WatchService service = options.baseline().getFileSystem().newWatchService()) {
      new Watch(service, emitter).run();
    }
  }

  /** One run. */
  private final class Watch {
    private final WatchService service;
    private final Emitter emitter;
    private final Baseline baseline = new Baseline(options.baseline());
    private final Map<WatchKey, Path> directories = new HashMap<>();
    private final Set<Path> watched = new HashSet<>();

    /** Files that something happened to, and when they were last touched. */
    private final Map<Path, Long> touched = new LinkedHashMap<>();

    Watch(WatchService service, Emitter emitter) {
      this.service = service;
      this.emitter = emitter;
    }

    void run() throws IOException, InterruptedException {
      boolean had = baseline.load();
      look(had);
      baseline.saveIfChanged();
      long looked = System.nanoTime();
      while (true) {
        WatchKey key =
            service.poll(
                touched.isEmpty() ? IDLE_MILLIS : options.settle().toMillis(),
                TimeUnit.MILLISECONDS);
        if (key != null) {
          take(key);
        }
        settle();
        if (System.nanoTime() - looked > TimeUnit.MILLISECONDS.toNanos(FIND_NEW_ROOTS_MILLIS)) {
          registerRoots(true);
          looked = System.nanoTime();
        }
      }
    }

    /** Registers everything, and tells what differs from the baseline. */
    private void look(boolean tell) throws IOException, InterruptedException {
      registerRoots(tell);
      for (String path : List.copyOf(baseline.states().keySet())) {
        Path file = Path.of(path);
        if (!options.isWatched(file)) {
          baseline.remove(file);
        } else if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
          touched.put(file, 0L);
        }
      }
      if (tell) {
        settle();
      } else {
        for (Path file : touched.keySet()) {
          state(file).ifPresent(state -> baseline.put(file, state));
        }
        touched.clear();
      }
    }

    private void registerRoots(boolean tell) throws IOException {
      for (WatchedGlob glob : options.watch()) {
        if (Files.isDirectory(glob.root()) && !(tell && watched.contains(glob.root()))) {
          register(glob.root());
        }
      }
    }

    /** The directory, those below it that globs reach, and what is in them already. */
    private void register(Path root) throws IOException {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                throws IOException {
              if (!options.isReached(directory) && !isAboveARoot(directory)) {
                return FileVisitResult.SKIP_SUBTREE;
              }
              if (!watched.contains(directory)) {
                watch(directory);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              FileState before = baseline.states().get(file.toString());
              boolean same =
                  before != null
                      && before.size() == attributes.size()
                      && before.modifiedMillis() == attributes.lastModifiedTime().toMillis();
              if (!same && options.isWatched(file)) {
                touched.put(file, 0L);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    }

    private boolean isAboveARoot(Path directory) {
      return options.watch().stream().anyMatch(glob -> glob.root().startsWith(directory));
    }

    private void watch(Path directory) throws IOException {
      if (directories.size() >= options.maxDirectories()) {
        throw new IOException(
            "more than "
                + options.maxDirectories()
                + " directories to watch: narrow file.watch or raise file.max-directories");
      }
      directories.put(
          directory.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE),
          directory);
      watched.add(directory);
    }

    private void take(WatchKey key) throws IOException {
      Path directory = directories.get(key);
      for (WatchEvent<?> event : key.pollEvents()) {
        if (directory == null) {
          continue;
        }
        if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
          emitter.countLost(1);
          register(directory);
        } else if (event.context() instanceof Path name) {
          touch(directory.resolve(name));
        }
      }
      if (!key.reset() && directory != null) {
        directories.remove(key);
        watched.remove(directory);
      }
    }

    private void touch(Path path) throws IOException {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        if (options.isReached(path)) {
          register(path);
        }
      } else if (options.isWatched(path)) {
        touched.put(path, System.nanoTime());
      }
    }

    private void settle() throws IOException, InterruptedException {
      long quietSince = System.nanoTime() - options.settle().toNanos();
      for (Map.Entry<Path, Long> entry : List.copyOf(touched.entrySet())) {
        if (entry.getValue() == 0 || entry.getValue() - quietSince <= 0) {
          touched.remove(entry.getKey());
          compare(entry.getKey());
        }
      }
      if (touched.isEmpty()) {
        baseline.saveIfChanged();
      }
    }

    private void compare(Path file) throws IOException, InterruptedException {
      FileState before = baseline.states().get(file.toString());
      FileState now = state(file).orElse(null);
      if (now == null) {
        if (before != null) {
          baseline.remove(file);
          tell(Sources.FILE_DELETE, file, before, before);
        }
      } else if (before == null) {
        if (baseline.states().size() < options.maxFiles()) {
          baseline.put(file, now);
        }
        tell(Sources.FILE_EVENT, file, now, now);
      } else {
        baseline.put(file, now);
        if (!now.sha256().equals(before.sha256()) || now.sha256().isEmpty()) {
          tell(Sources.FILE_CHANGE, file, before, now);
        }
      }
    }

    private Optional<FileState> state(Path file) {
      try {
        BasicFileAttributes attributes =
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return Optional.of(
            new FileState(
                attributes.size(),
                attributes.lastModifiedTime().toMillis(),
                attributes.isRegularFile() ? hashes.sha256(file).orElse("") : ""));
      } catch (IOException e) {
        return Optional.empty();
      }
    }

    private void tell(SourceHint source, Path file, FileState before, FileState now)
        throws IOException, InterruptedException {
      Payload payload =
          new Payload()
              .put("timestamp", emitter.clock().instant().toString())
              .put("TargetFilename", file.toString())
              .put("Size", now.size());
      if (!now.sha256().isEmpty()) {
        payload.put("Hashes", "SHA256=" + now.sha256());
      }
      if (!before.sha256().equals(now.sha256()) && !before.sha256().isEmpty()) {
        payload.put("PreviousHashes", "SHA256=" + before.sha256());
      }
      owner(file, payload);
      emitter.emit(source, payload);
    }

    private static void owner(Path file, Payload payload) {
      try {
        PosixFileAttributes attributes =
            Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        payload.put("FileOwner", attributes.owner().getName());
        payload.put(
            "FileMode",
            java.nio.file.attribute.PosixFilePermissions.toString(attributes.permissions()));
      } catch (IOException | UnsupportedOperationException e) {
        return;
      }
    }
  }
}
