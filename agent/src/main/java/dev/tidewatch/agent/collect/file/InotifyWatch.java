package dev.tidewatch.agent.collect.file;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What Java offers on every platform: inotify on Linux. It does not say who it was. */
final class InotifyWatch implements DirectoryWatch {
  private final WatchService service;
  private final Map<WatchKey, Path> directories = new HashMap<>();
  private final Set<Path> watched = new HashSet<>();

  InotifyWatch(FileSystem files) throws IOException {
    this.service = files.newWatchService();
  }

  @Override
  public void add(Path directory) throws IOException {
    if (watched.add(directory)) {
      directories.put(
          directory.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE),
          directory);
    }
  }

  @Override
  public boolean isWatching(Path directory) {
    return watched.contains(directory);
  }

  @Override
  public int size() {
    return directories.size();
  }

  @Override
  public List<Heard> next(long millis) throws InterruptedException {
    List<Heard> heard = new ArrayList<>();
    WatchKey key = service.poll(millis, TimeUnit.MILLISECONDS);
    Path directory = key == null ? null : directories.get(key);
    if (key == null || directory == null) {
      return heard;
    }
    for (WatchEvent<?> event : key.pollEvents()) {
      if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
        heard.add(new Heard.Overrun());
      } else if (event.context() instanceof Path name) {
        heard.add(new Heard.Touched(directory.resolve(name), 0));
      }
    }
    if (!key.reset()) {
      directories.remove(key);
      watched.remove(directory);
      heard.add(new Heard.Gone(directory));
    }
    return heard;
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
