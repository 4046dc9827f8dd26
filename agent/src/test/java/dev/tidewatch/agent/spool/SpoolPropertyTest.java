package dev.tidewatch.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The spool does what a plain list would do, whatever the order of calls and restarts. */
class SpoolPropertyTest {
  private static final SpoolOptions OPTIONS =
      SpoolOptions.DEFAULT
          .withSizes(1 << 16, 1024, 900)
          .withFsync(FsyncPolicy.NEVER)
          .withWhenFull(FullPolicy.DROP_OLDEST);

  /**
   * One call. {@code kind} 0-4: append of {@code size} bytes; 5: acknowledge {@code size} further;
   * 6: read; 7: close and open.
   */
  record Step(int kind, int size) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> kinds = Arbitraries.integers().between(0, 7);
    Arbitrary<Integer> sizes = Arbitraries.integers().between(0, 900);
    return net.jqwik.api.Combinators.combine(kinds, sizes).as(Step::new).list().ofMaxSize(60);
  }

  @Property(tries = 150)
  void actsLikeAList(@ForAll("steps") List<Step> steps) throws Exception {
    Path directory = Files.createTempDirectory("spool");
    List<byte[]> model = new ArrayList<>();
    int acknowledged = 0;
    Spool spool = Spool.open(directory, OPTIONS, new ManualTime());
    try {
      for (Step step : steps) {
        if (step.kind() < 5) {
          byte[] record = new byte[step.size()];
          Arrays.fill(record, (byte) model.size());
          assertThat(spool.append(record, 1)).isEqualTo(model.size() + 1L);
          model.add(record);
        } else if (step.kind() == 5) {
          acknowledged = Math.min(model.size(), acknowledged + step.size() / 100);
          spool.acknowledge(acknowledged);
        } else if (step.kind() == 7) {
          spool.close();
          spool = Spool.open(directory, OPTIONS, new ManualTime());
        }
        check(spool, model, acknowledged, step);
      }
    } finally {
      spool.close();
      delete(directory);
    }
  }

  private static void check(Spool spool, List<byte[]> model, int acknowledged, Step step)
      throws IOException {
    assertThat(spool.acknowledged()).isEqualTo(acknowledged);
    assertThat(spool.stats().events()).isEqualTo(model.size() - acknowledged);
    int from = step.kind() == 6 ? acknowledged + 1 + step.size() % 7 : acknowledged + 1;
    List<SpoolRecord> read = spool.read(from, 1000, 1 << 20);
    assertThat(read).hasSize(Math.max(0, model.size() - from + 1));
    for (int i = 0; i < read.size(); i++) {
      assertThat(read.get(i).sequence()).isEqualTo(from + i);
      assertThat(read.get(i).bytes()).isEqualTo(model.get(from + i - 1));
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
