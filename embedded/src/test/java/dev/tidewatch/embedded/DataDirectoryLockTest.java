package dev.tidewatch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryLockTest {
  @TempDir Path directory;

  @Test
  void oneOwnerAtATimeInThisProcess() {
    Path data = directory.resolve("new/data");
    try (DataDirectoryLock first = DataDirectoryLock.acquire(data, "Kafka")) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> DataDirectoryLock.acquire(data.resolve("../data"), "ClickHouse"))
            .hasMessage(
                "ClickHouse data directory "
                    + data.resolve("../data")
                    + " is in use by this process, pid "
                    + ProcessHandle.current().pid());
      }
    }
    DataDirectoryLock.acquire(data, "Kafka").close();
  }

  @Test
  void oneOwnerAtATimeAmongProcessesUntilItDies() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("held");
      assertThatThrownBy(() -> DataDirectoryLock.acquire(directory, "Kafka"))
          .hasMessageContaining("is in use by process " + other.pid());
    } finally {
      other.destroyForcibly().waitFor();
    }
    DataDirectoryLock.acquire(directory, "Kafka", Duration.ofSeconds(5)).close();
  }

  /** Holds the lock until killed. */
  static final class Holder {
    public static void main(String[] arguments) throws Exception {
      DataDirectoryLock lock = DataDirectoryLock.acquire(Path.of(arguments[0]), "test");
      System.out.println("held");
      Thread.sleep(Duration.ofMinutes(1).toMillis());
      lock.close();
    }
  }

  @Test
  void saysWhenTheDirectoryCannotBe() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> DataDirectoryLock.acquire(file, "Kafka"))
        .isInstanceOf(EmbeddedServerException.class)
        .hasMessageContaining(file.toString());
  }
}
