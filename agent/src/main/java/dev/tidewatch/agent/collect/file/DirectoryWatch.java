package dev.tidewatch.agent.collect.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Hears of what happens in directories, not below them. */
interface DirectoryWatch extends AutoCloseable {
  /** What was heard. */
  sealed interface Heard {
    /**
     * Something happened to an entry of a watched directory.
     *
     * @param pid who it was; 0: not known
     */
    record Touched(Path path, int pid) implements Heard {}

    /** A directory is not there any more. */
    record Gone(Path directory) implements Heard {}

    /** Too much happened at once: look at everything again. */
    record Overrun() implements Heard {}
  }

  /** Watches a directory; one that is watched already is watched once. */
  void add(Path directory) throws IOException;

  boolean isWatching(Path directory);

  /** How many directories are watched. */
  int size();

  /** What happened since; waits until something does, or the time is over. */
  List<Heard> next(long millis) throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
