package dev.tidewatch.agent.collect.file;

import dev.tidewatch.agent.collect.kernel.Fanotify;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's fanotify, which says which process it was. Directories on file systems that have no
 * handles to name them by are left to inotify, which does not.
 */
final class FanotifyWatch implements DirectoryWatch {
  private static final Logger LOG = System.getLogger(FanotifyWatch.class.getName());
  private static final int WAKE_MILLIS = 500;

  private final Fanotify group;
  private final Map<ByteBuffer, Path> byHandle = new HashMap<>();
  private final Map<Path, ByteBuffer> byPath = new HashMap<>();

  private final FileSystem files;
  private @Nullable InotifyWatch rest;

  private FanotifyWatch(Fanotify group, FileSystem files) {
    this.group = group;
    this.files = files;
  }

  /**
   * @throws IOException where it is not permitted or not to be had, saying why
   */
  static FanotifyWatch open(FileSystem files) throws IOException {
    return new FanotifyWatch(Fanotify.open(), files);
  }

  @Override
  public void add(Path directory) throws IOException {
    if (isWatching(directory)) {
      return;
    }
    try {
      ByteBuffer handle = ByteBuffer.wrap(group.mark(directory));
      byHandle.put(handle, directory);
      byPath.put(directory, handle);
    } catch (IOException e) {
      LOG.log(Level.INFO, "{0}; events there will not say who it was", e.getMessage());
      InotifyWatch other = rest == null ? new InotifyWatch(files) : rest;
      rest = other;
      other.add(directory);
    }
  }

  @Override
  public boolean isWatching(Path directory) {
    InotifyWatch other = rest;
    return byPath.containsKey(directory) || (other != null && other.isWatching(directory));
  }

  @Override
  public int size() {
    InotifyWatch other = rest;
    return byPath.size() + (other == null ? 0 : other.size());
  }

  @Override
  public List<Heard> next(long millis) throws IOException, InterruptedException {
    List<Heard> heard = new ArrayList<>();
    long until = System.nanoTime() + millis * 1_000_000;
    long left = millis;
    while (heard.isEmpty() && left >= 0) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      int length = group.receive((int) Math.min(left, WAKE_MILLIS));
      for (FanotifyMessage message : FanotifyMessage.parse(group.buffer(), length)) {
        heard(message, heard);
      }
      if (rest != null) {
        heard.addAll(rest.next(0));
      }
      left = (until - System.nanoTime()) / 1_000_000;
      left = left == 0 ? -1 : left;
    }
    return heard;
  }

  private void heard(FanotifyMessage message, List<Heard> into) {
    if ((message.mask() & FanotifyMessage.OVERFLOW) != 0) {
      into.add(new Heard.Overrun());
      return;
    }
    Path directory = byHandle.get(message.directory());
    if (directory == null) {
      return;
    }
    if (!message.name().isEmpty()) {
      into.add(new Heard.Touched(directory.resolve(message.name()), message.pid()));
    } else if ((message.mask() & FanotifyMessage.DELETED_SELF) != 0) {
      byHandle.remove(message.directory());
      byPath.remove(directory);
      into.add(new Heard.Gone(directory));
    }
  }

  @Override
  public void close() throws IOException {
    group.close();
    if (rest != null) {
      rest.close();
    }
  }
}
