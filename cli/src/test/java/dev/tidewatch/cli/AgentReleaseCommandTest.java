package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentReleaseCommandTest {
  @TempDir Path directory;

  private CommandRun release(String... arguments) {
    List<String> all = new ArrayList<>(List.of("agent", "release"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--repository", directory.resolve("repository").toString()));
    all.addAll(List.of("--keys", directory.resolve("keys").toString()));
    return CommandRun.of(all.toArray(new String[0]));
  }

  private String ok(String... arguments) {
    CommandRun run = release(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  private String jar(String name, int change) throws IOException {
    byte[] bytes = new byte[20_000];
    new Random(1).nextBytes(bytes);
    bytes[change] ^= 1;
    return Files.write(directory.resolve(name), bytes).toString();
  }

  @Test
  void aRepositoryFromItsFirstKeysToAWithdrawnVersion() throws Exception {
    assertThat(ok("init", "--root", "2/3")).contains("Keep those of root and targets");
    assertThat(ok("add", "--version", "1.0", jar("one", 1))).contains("Added 1.0, 20000 bytes.");
    assertThat(ok("add", "--version", "1.1", "--rollout", "5", jar("two", 2)))
        .containsPattern("from 1.0: \\d{2,3} bytes");
    assertThat(ok("show")).contains("1.1  [stable]  5 %  20000 bytes", "1.0  [stable]  100 %");
    ok("rollout", "1.1", "50");
    assertThat(ok("show")).contains("1.1  [stable]  50 %");
    assertThat(ok("show")).contains("root: version 1,", "timestamp: version 4,");
    ok("rotate", "timestamp");
    assertThat(ok("refresh")).contains("timestamp: version 6,");
    assertThat(ok("show")).contains("root: version 2,");
    ok("withdraw", "1.1");
    assertThat(ok("show")).doesNotContain("1.1");
  }

  @Test
  void whatCannotBeDoneIsSaid() throws Exception {
    assertThat(release("show").err()).contains("make one with tidewatch agent release init");
    assertThat(release("init", "--root", "3/2").err()).contains("3/2: at least 1 of at most 16");
    assertThat(release("init", "--root", "two").err()).contains("is not of the form 2/3");
    Path repository = directory.resolve("other");
    CommandRun inside =
        CommandRun.of(
            "agent",
            "release",
            "init",
            "--repository",
            repository.toString(),
            "--keys",
            repository.resolve("keys").toString());
    assertThat(inside.err()).contains("would be served with the repository");
    assertThat(repository).doesNotExist();
    ok("init");
    assertThat(release("add", "--version", "one", jar("one", 1)).err())
        .contains("numbers between dots");
    assertThat(release("add", "--version", "1", "nowhere.jar").err()).contains("there is no file");
    assertThat(release("rollout", "7.0", "5").err()).contains("there is no version 7.0");
    assertThat(release("rotate", "everything").err()).contains("is none of root");
    assertThat(release().exitCode()).isEqualTo(Tidewatch.USAGE);
  }
}
