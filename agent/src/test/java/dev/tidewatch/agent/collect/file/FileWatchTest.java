package dev.tidewatch.agent.collect.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.agent.collect.RecordingSink;
import dev.tidewatch.agent.collect.file.DirectoryWatch.Heard;
import dev.tidewatch.agent.collect.process.ProcessInfo;
import dev.tidewatch.agent.collect.process.RecentProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
  private static final int PID = 4711;

  @TempDir Path watched;
  @TempDir Path state;
  @TempDir Path proc;

  private final RecordingSink sink = new RecordingSink();
  private final RecentProcesses recent = new RecentProcesses();

  /** It had ended by then, and the process collector was told of it after us. */
  @Test
  void namesTheProcessThatWasKnownOnlyAfterTheFileWasHeardOf() {
    Path file = watched.resolve("conf");
    List<Heard> heard =
        new AbstractList<>() {
          @Override
          public int size() {
            return 2;
          }

          @Override
          public Heard get(int index) {
            if (index == 0) {
              return new Heard.Touched(file, PID);
            }
            recent.started(new ProcessInfo(PID, 1, 0, 0, "/usr/bin/touch", "touch conf", "/", 0));
            return new Heard.Gone(watched.resolve("other"));
          }
        };
    FileOptions usual =
        FileOptions.of(List.of(WatchedGlob.of(watched + "/*")), state.resolve("baseline"));
    FileOptions atOnce =
        new FileOptions(
            usual.watch(),
            usual.ignore(),
            Duration.ZERO,
            usual.maxHashBytes(),
            usual.maxDirectories(),
            usual.maxFiles(),
            usual.baseline(),
            true,
            proc,
            usual.passwd());

    FileWatch watch = new FileWatch(atOnce, new Once(file, heard), recent, sink.emitter("file"));

    assertThatThrownBy(watch::run).isInstanceOf(InterruptedException.class);
    assertThat(sink.of("file_event"))
        .singleElement()
        .asString()
        .contains("\"Image\":\"/usr/bin/touch\"", "\"CommandLine\":\"touch conf\"");
  }

  /** Writes the file, is heard of it once, and is told to end then. */
  private static final class Once implements DirectoryWatch {
    private final Path file;
    private final List<Heard> heard;
    private boolean over;

    Once(Path file, List<Heard> heard) {
      this.file = file;
      this.heard = heard;
    }

    @Override
    public void add(Path directory) {}

    @Override
    public boolean isWatching(Path directory) {
      return true;
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public List<Heard> next(long millis) throws IOException, InterruptedException {
      if (over) {
        throw new InterruptedException("the end");
      }
      over = true;
      Files.writeString(file, "hello");
      return heard;
    }

    @Override
    public void close() {}
  }
}
