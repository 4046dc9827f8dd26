package dev.tidewatch.jobs.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedCheckpointsTest {
  @TempDir Path directory;

  private RetainedCheckpoints retained() {
    return new RetainedCheckpoints(directory.resolve("checkpoints"));
  }

  private Path checkpoint(String name, int second) throws IOException {
    Path checkpoint = Files.createDirectories(directory.resolve("checkpoints").resolve(name));
    Path metadata = checkpoint.resolve("_metadata");
    try (OutputStream out = Files.newOutputStream(metadata)) {
      Checkpoints.storeCheckpointMetadata(
          new CheckpointMetadata(second, List.of(), List.of()), out);
    }
    Files.setLastModifiedTime(metadata, FileTime.fromMillis(second * 1_000L));
    return checkpoint;
  }

  @Test
  void withoutADirectoryThereIsNone() throws IOException {
    assertThat(retained().newestReadable()).isEmpty();
    assertThat(retained().isEmpty()).isTrue();
  }

  @Test
  void theNewestOfAllRunsIsTakenWhateverItsNumber() throws IOException {
    checkpoint("aaaa/chk-9", 1);
    Path newest = checkpoint("bbbb/chk-2", 3);
    checkpoint("savepoint-1", 2);

    assertThat(retained().newestReadable()).contains(newest);
  }

  @Test
  void oneThatCannotBeReadIsPassedOver() throws IOException {
    Path good = checkpoint("aaaa/chk-1", 1);
    Path bad = checkpoint("aaaa/chk-2", 2);
    Files.write(bad.resolve("_metadata"), new byte[] {1, 2});
    checkpoint("aaaa/chk-0", 0);

    assertThat(retained().newestReadable()).contains(good);
  }

  @Test
  void oneThatIsNotCompleteIsNotSeen() throws IOException {
    Files.createDirectories(directory.resolve("checkpoints/aaaa/chk-7"));

    assertThat(retained().isEmpty()).isTrue();
  }

  @Test
  void whatNobodyGoesBackToIsDeleted() throws IOException {
    Path oldest = checkpoint("aaaa/chk-1", 1);
    Path spared = checkpoint("bbbb/chk-1", 2);
    Path sparedToo = checkpoint("savepoint-1", 3);
    Path restored = checkpoint("cccc/chk-1", 4);
    Path unreadable = checkpoint("dddd/chk-1", 5);
    Files.write(unreadable.resolve("_metadata"), new byte[0]);

    retained().prune(retained().newestReadable());

    assertThat(oldest.getParent()).doesNotExist();
    assertThat(List.of(spared, sparedToo, restored, unreadable))
        .allSatisfy(p -> assertThat(p).exists());
  }
}
