package dev.tidewatch.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL in the middle of appending: everything that append returned for is there, whole. */
class SpoolKillTest {
  @TempDir Path directory;

  /** The child: appends without end, acknowledges some, prints what append has returned for. */
  public static void main(String[] args) throws IOException, InterruptedException {
    SpoolOptions options =
        SpoolOptions.DEFAULT
            .withSizes(64 << 20, 1 << 16, 1 << 12)
            .withFsync(FsyncPolicy.valueOf(args[1]));
    Spool spool = Spool.open(Path.of(args[0]), options, InstantSource.system());
    while (true) {
      long next = spool.stats().lastSequence() + 1;
      long sequence = spool.append(record(next), 1);
      if (sequence % 50 == 0) {
        spool.acknowledge(sequence - 40);
      }
      System.out.println(sequence);
    }
  }

  /** Its own sequence, then a length and bytes that depend on it. */
  private static byte[] record(long sequence) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + (int) (sequence * 37 % 3000)).putLong(sequence);
    while (bytes.hasRemaining()) {
      bytes.put((byte) sequence);
    }
    return bytes.array();
  }

  @RepeatedTest(3)
  void losesNothingThatWasAppended(org.junit.jupiter.api.RepetitionInfo repetition)
      throws Exception {
    FsyncPolicy policy = FsyncPolicy.values()[repetition.getCurrentRepetition() - 1];
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SpoolKillTest.class.getName(),
                directory.toString(),
                policy.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long printed = 0;
    boolean killed = false;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // The last line can be cut: it is then a prefix of a smaller number.
        printed = Math.max(printed, Long.parseLong(line.isEmpty() ? "0" : line));
        if (printed >= 400 && !killed) {
          killed = true;
          // Through the handle: the process itself would close its output with it.
          assertThat(child.toHandle().destroyForcibly()).isTrue();
        }
      }
    }
    assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
    try (Spool spool =
        Spool.open(
            directory,
            SpoolOptions.DEFAULT.withSizes(64 << 20, 1 << 16, 1 << 12),
            InstantSource.system())) {
      List<SpoolRecord> left = spool.read(1, Integer.MAX_VALUE, Long.MAX_VALUE);
      assertThat(spool.stats().lostCorrupt()).isZero();
      assertThat(left.get(0).sequence()).isEqualTo(spool.acknowledged() + 1);
      assertThat(left.get(left.size() - 1).sequence()).isGreaterThanOrEqualTo(printed);
      for (int i = 0; i < left.size(); i++) {
        assertThat(left.get(i).sequence()).isEqualTo(left.get(0).sequence() + i);
        assertThat(left.get(i).bytes()).isEqualTo(record(left.get(i).sequence()));
      }
    }
  }
}
