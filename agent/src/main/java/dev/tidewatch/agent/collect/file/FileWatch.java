package dev.tidewatch.agent.collect.file;

import dev.tidewatch.agent.collect.Emitter;
import dev.tidewatch.agent.collect.FileHashes;
import dev.tidewatch.agent.collect.Sources;
import dev.tidewatch.agent.collect.UserNames;
import dev.tidewatch.agent.collect.file.DirectoryWatch.Heard;
import dev.tidewatch.agent.collect.process.ProcFs;
import dev.tidewatch.agent.collect.process.ProcessInfo;
import dev.tidewatch.agent.collect.process.RecentProcesses;
import dev.tidewatch.events.v1.SourceHint;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One run of the collector: compares files with the baseline, once at its beginning, and again when
 * it hears of them and they have been quiet for a moment.
 */
final class FileWatch {
  private static final long IDLE_MILLIS = 60_000;
  private static final long FIND_NEW_ROOTS_MILLIS = 60_000;
  private static final int MAX_COMMAND_LINE = 8 << 10;

  /** After as many of the times a file is to be quiet for it is told of though it never is. */
  private static final int MOST_SETTLES = 30;

  private final FileOptions options;
  private final DirectoryWatch watch;
  private final RecentProcesses recent;
  private final Emitter emitter;
  private final FileHashes hashes;
  private final Baseline baseline;
  private final ProcFs proc;
  private final FileEvents events;

  /** Files that something happened to. */
  private final Map<Path, Touch> touched = new LinkedHashMap<>();

  /**
   * @param firstNanos when we first heard of it, since it was told of last
   * @param lastNanos when we last did; 0: it was before we listened
   * @param actor who it was, as far as it is known
   */
  private record Touch(long firstNanos, long lastNanos, Optional<ProcessInfo> actor) {
    static final Touch FOUND = found(Optional.empty());

    static Touch found(Optional<ProcessInfo> actor) {
      return new Touch(0, 0, actor);
    }

    Touch again(long nanos, Optional<ProcessInfo> by) {
      return new Touch(lastNanos == 0 ? nanos : firstNanos, nanos, by.or(() -> actor));
    }

    boolean isDue(long settleNanos, long now) {
      return lastNanos == 0
          || now - lastNanos >= settleNanos
          || now - firstNanos >= MOST_SETTLES * settleNanos;
    }
  }

  FileWatch(FileOptions options, DirectoryWatch watch, RecentProcesses recent, Emitter emitter) {
    this.options = options;
    this.watch = watch;
    this.recent = recent;
    this.emitter = emitter;
    this.hashes = new FileHashes(options.maxHashBytes());
    this.baseline = new Baseline(options.baseline());
    this.proc = new ProcFs(options.proc(), MAX_COMMAND_LINE);
    this.events = new FileEvents(new UserNames(options.passwd()));
  }

  void run() throws IOException, InterruptedException {
    look(baseline.load());
    baseline.saveIfChanged();
    long looked = System.nanoTime();
    while (true) {
      for (Heard heard :
          watch.next(touched.isEmpty() ? IDLE_MILLIS : options.settle().toMillis())) {
        take(heard);
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
    registerRoots(false);
    findGone();
    if (tell) {
      settle();
    } else {
      for (Path file : touched.keySet()) {
        state(file).ifPresent(state -> baseline.put(file, state));
      }
      touched.clear();
    }
  }

  private void findGone() {
    for (String path : List.copyOf(baseline.states().keySet())) {
      Path file = Path.of(path);
      if (!options.isWatched(file)) {
        baseline.remove(file);
      } else if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        touched.putIfAbsent(file, Touch.FOUND);
      }
    }
  }

  private void registerRoots(boolean newOnesOnly) throws IOException {
    for (WatchedGlob glob : options.watch()) {
      if (Files.isDirectory(glob.root()) && !(newOnesOnly && watch.isWatching(glob.root()))) {
        register(glob.root(), Touch.FOUND);
      }
    }
  }

  /**
   * The directory, those below it that globs reach, and what is in them already.
   *
   * @param touch what is known of how that came there
   */
  private void register(Path root, Touch touch) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (!options.isReached(directory) && !isAboveARoot(directory)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            if (!watch.isWatching(directory)) {
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
              touched.putIfAbsent(file, touch);
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
    if (watch.size() >= options.maxDirectories()) {
      throw new IOException(
          "more than "
              + options.maxDirectories()
              + " directories to watch: narrow file.watch or raise file.max-directories");
    }
    watch.add(directory);
  }

  private void take(Heard heard) throws IOException {
    if (heard instanceof Heard.Overrun) {
      emitter.countLost(1);
      registerRoots(false);
      findGone();
    } else if (heard instanceof Heard.Touched touch) {
      touch(touch.path(), touch.pid());
    }
    // Of a directory that is gone its files were told of one by one.
  }

  private void touch(Path path, int pid) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      if (options.isReached(path)) {
        register(path, Touch.found(actor(pid)));
      }
    } else if (options.isWatched(path)) {
      Touch before = touched.getOrDefault(path, Touch.FOUND);
      touched.put(path, before.again(System.nanoTime(), actor(pid)));
    }
  }

  private Optional<ProcessInfo> actor(int pid) {
    if (pid <= 0) {
      return Optional.empty();
    }
    return proc.read(pid, emitter.clock().millis())
        .or(() -> recent.last(pid))
        .or(() -> Optional.of(ProcessInfo.unknown(pid, 0, emitter.clock().millis())));
  }

  /**
   * Of a process that had ended when the file was heard of, the process collector may have been
   * told only after that.
   */
  private Optional<ProcessInfo> knownSince(ProcessInfo actor) {
    return actor.executable().isEmpty() ? recent.last(actor.pid()) : Optional.empty();
  }

  private void settle() throws IOException, InterruptedException {
    long now = System.nanoTime();
    for (Map.Entry<Path, Touch> entry : List.copyOf(touched.entrySet())) {
      Touch touch = entry.getValue();
      if (touch.isDue(options.settle().toNanos(), now)) {
        touched.remove(entry.getKey());
        compare(entry.getKey(), touch.actor().flatMap(this::knownSince).or(touch::actor));
      }
    }
    if (touched.isEmpty()) {
      baseline.saveIfChanged();
    }
  }

  private void compare(Path file, Optional<ProcessInfo> actor)
      throws IOException, InterruptedException {
    FileState before = baseline.states().get(file.toString());
    FileState now = state(file).orElse(null);
    if (now == null) {
      if (before != null) {
        baseline.remove(file);
        tell(Sources.FILE_DELETE, file, before, before, actor);
      }
    } else if (before == null) {
      if (baseline.states().size() < options.maxFiles()) {
        baseline.put(file, now);
      }
      tell(Sources.FILE_EVENT, file, now, now, actor);
    } else {
      baseline.put(file, now);
      if (!now.sha256().equals(before.sha256()) || now.sha256().isEmpty()) {
        tell(Sources.FILE_CHANGE, file, before, now, actor);
      }
    }
  }

  private void tell(
      SourceHint source, Path file, FileState before, FileState now, Optional<ProcessInfo> actor)
      throws IOException, InterruptedException {
    events.tell(source, file, before, now, actor, emitter);
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
}
