package dev.tidewatch.agent.collect.log;

import com.google.protobuf.ByteString;
import dev.tidewatch.agent.collect.Collector;
import dev.tidewatch.agent.collect.Emitter;
import dev.tidewatch.agent.collect.Sources;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * journald, through {@code journalctl -o json --follow}. Its cursor is kept, so that it goes on
 * where it was. A record that is longer than the limit is dropped and counted.
 */
public final class JournalCollector implements Collector {
  private static final String CURSOR = "\"__CURSOR\":\"";
  private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LAST_LINES_MILLIS = 1_000;

  private final Path journalctl;
  private final Path cursorFile;
  private final int maxRecord;

  public JournalCollector(Path journalctl, Path cursorFile, int maxRecord) {
    this.journalctl = journalctl;
    this.cursorFile = cursorFile;
    this.maxRecord = maxRecord;
  }

  @Override
  public String name() {
    return "journal";
  }

  @Override
  public Optional<String> unavailable() {
    return Files.isExecutable(journalctl)
        ? Optional.empty()
        : Optional.of("there is no " + journalctl);
  }

  @Override
  public boolean canWait() {
    return true;
  }

  @Override
  public void run(Emitter emitter) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    FutureTask<Boolean> following = new FutureTask<>(() -> follow(process, emitter));
    Thread reader = new Thread(following, "journal-reader");
    reader.setDaemon(true);
    reader.start();
    try {
      following.get();
    } catch (ExecutionException e) {
      throw new IOException(journalctl + " cannot be followed", e.getCause());
    } finally {
      // Nothing else ends a read of its output.
      process.destroy();
      reader.join(LAST_LINES_MILLIS);
    }
    throw new IOException(journalctl + " ended with " + process.waitFor());
  }

  private boolean follow(Process process, Emitter emitter)
      throws IOException, InterruptedException {
    try (InputStream out = new BufferedInputStream(process.getInputStream(), 1 << 16)) {
      follow(out, emitter);
      return true;
    }
  }

  private List<String> command() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(journalctl.toString(), "-o", "json", "--follow", "--no-pager", "--quiet"));
    if (Files.isRegularFile(cursorFile)) {
      String cursor = Files.readString(cursorFile).strip();
      command.add("--no-tail");
      // Lost with the machine's power: all since its start, rather twice than never.
      command.add(cursor.isEmpty() ? "--boot" : "--after-cursor=" + cursor);
    } else {
      command.add("--lines=0");
    }
    return command;
  }

  private void follow(InputStream out, Emitter emitter) throws IOException, InterruptedException {
    BoundedLines lines = new BoundedLines(out, maxRecord);
    String cursor = "";
    long saved = System.nanoTime();
    for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
      if (lines.wasCut()) {
        emitter.countLost(1);
      } else if (line.get().startsWith("{")) {
        cursor = cursor(line.get());
        emitter.emit(
            Sources.RECOGNISED,
            "",
            ByteString.copyFromUtf8(line.get()),
            emitter.clock().millis() * 1000);
      }
      boolean due = System.nanoTime() - saved > SAVE_NANOS || out.available() == 0;
      if (due && !cursor.isEmpty()) {
        emitter.flush();
        save(cursor);
        saved = System.nanoTime();
      }
    }
  }

  private static String cursor(String record) {
    int from = record.indexOf(CURSOR) + CURSOR.length();
    int to = record.indexOf('"', from);
    return from < CURSOR.length() || to < 0 ? "" : record.substring(from, to);
  }

  private void save(String cursor) throws IOException {
    Path fresh = cursorFile.resolveSibling(cursorFile.getFileName() + ".new");
    Files.writeString(fresh, cursor);
    Files.move(
        fresh, cursorFile, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
