package dev.tidewatch.agent.collect.file;

import dev.tidewatch.agent.collect.Collector;
import dev.tidewatch.agent.collect.Emitter;
import dev.tidewatch.agent.collect.process.RecentProcesses;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.util.Optional;

/** Watches files, and where fanotify is permitted, says who changed them. */
public final class FileCollector implements Collector {
  private static final Logger LOG = System.getLogger(FileCollector.class.getName());

  private final FileOptions options;
  private final RecentProcesses recent;

  public FileCollector(FileOptions options) {
    this(options, new RecentProcesses());
  }

  /**
   * @param recent the programs that were started last
   */
  public FileCollector(FileOptions options, RecentProcesses recent) {
    this.options = options;
    this.recent = recent;
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
    try (DirectoryWatch watch = watch()) {
      new FileWatch(options, watch, recent, emitter).run();
    }
  }

  private DirectoryWatch watch() throws IOException {
    FileSystem files = options.baseline().getFileSystem();
    if (options.who()) {
      try {
        return FanotifyWatch.open(files);
      } catch (IOException e) {
        LOG.log(Level.WARNING, "{0}; events of files will not say who it was", e.getMessage());
      }
    }
    return new InotifyWatch(files);
  }
}
