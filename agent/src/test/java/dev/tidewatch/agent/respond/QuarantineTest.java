package dev.tidewatch.agent.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.QuarantineFile;
import dev.tidewatch.ingest.v1.RestoreFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class QuarantineTest {
  @TempDir Path directory;
  private Path files;
  private Quarantine quarantine;

  @BeforeEach
  void setUp() throws Exception {
    files = Files.createDirectory(directory.toRealPath().resolve("files"));
    Path state = Files.createDirectory(directory.toRealPath().resolve("state"));
    quarantine = new Quarantine(state.resolve("quarantine"), state);
  }

  private Outcome take(String path) throws Exception {
    return quarantine.take(
        Command.newBuilder().setQuarantineFile(QuarantineFile.newBuilder().setPath(path)).build());
  }

  private Outcome restore(String id) throws Exception {
    return quarantine.restore(
        Command.newBuilder().setRestoreFile(RestoreFile.newBuilder().setQuarantineId(id)).build());
  }

  private static void assertRefused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  @Test
  void takesAFileAndGivesItBackAsItWas() throws Exception {
    Path file = Files.writeString(files.resolve("tool"), "content");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
    Outcome taken = take(file.toString());
    assertThat(file).doesNotExist();
    assertThat(taken.evidence().get(0).getSha256().toByteArray())
        .isEqualTo(MessageDigest.getInstance("SHA-256").digest("content".getBytes("UTF-8")));
    assertThat(taken.evidence().get(0).getBlake3().size()).isEqualTo(32);
    Path copy =
        directory.toRealPath().resolve("state/quarantine/" + taken.quarantineId() + ".file");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
        .isEqualTo("rw-------");

    restore(taken.quarantineId());
    assertThat(file).hasContent("content");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rwxr-x--x");
    assertThat(Files.getLastModifiedTime(file).toMillis()).isEqualTo(1_700_000_000_000L);
    assertThat(copy).doesNotExist();
    assertRefused("not-found", () -> restore(taken.quarantineId()));
  }

  @Test
  void aDryRunChangesNothing() throws Exception {
    Path file = Files.writeString(files.resolve("tool"), "content");
    Outcome outcome =
        quarantine.take(
            Command.newBuilder()
                .setDryRun(true)
                .setQuarantineFile(QuarantineFile.newBuilder().setPath(file.toString()))
                .build());
    assertThat(outcome.detail()).startsWith("would quarantine");
    assertThat(outcome.evidence().get(0).getSizeBytes()).isEqualTo(7);
    assertThat(file).exists();
  }

  @Test
  void refusesPathsThatLeadElsewhere() throws Exception {
    Path file = Files.writeString(files.resolve("real"), "x");
    Path link = Files.createSymbolicLink(files.resolve("link"), file);
    Path linkedDirectory = Files.createSymbolicLink(directory.toRealPath().resolve("d"), files);
    assertRefused("link", () -> take(link.toString()));
    assertRefused("link", () -> take(linkedDirectory.resolve("real").toString()));
    assertRefused("path", () -> take(files + "/../files/real"));
    assertRefused("path", () -> take("relative"));
    assertRefused("path", () -> take(files + "/x\0y"));
    assertRefused("not-a-file", () -> take(files.toString()));
    assertRefused("protected", () -> take("/proc/self/environ"));
    assertRefused("protected", () -> take(directory.toRealPath() + "/state/identity"));
    assertRefused("not-found", () -> take(files + "/absent"));
    assertRefused("not-found", () -> take(files + "/absent/deep"));
    assertThat(file).exists();
  }

  @Test
  void leavesAFileOfAnotherHash() throws Exception {
    Path file = Files.writeString(files.resolve("real"), "x");
    assertRefused(
        "changed",
        () ->
            quarantine.take(
                Command.newBuilder()
                    .setQuarantineFile(
                        QuarantineFile.newBuilder()
                            .setPath(file.toString())
                            .setSha256(ByteString.copyFrom(new byte[32])))
                    .build()));
    assertThat(file).exists();
    assertThat(directory.toRealPath().resolve("state/quarantine")).isEmptyDirectory();
  }

  @Test
  void restoresNothingOverOrBesideWhatIsThere() throws Exception {
    Path file = Files.writeString(files.resolve("real"), "x");
    Outcome taken = take(file.toString());
    Files.writeString(file, "new");
    assertRefused("exists", () -> restore(taken.quarantineId()));
    assertThat(file).hasContent("new");
    Files.delete(file);
    // The directory is replaced with a link meanwhile: nothing is written through it.
    Path elsewhere = Files.createDirectory(directory.toRealPath().resolve("elsewhere"));
    Files.delete(files);
    Files.createSymbolicLink(files, elsewhere);
    assertRefused("link", () -> restore(taken.quarantineId()));
    assertThat(elsewhere).isEmptyDirectory();
    assertRefused("not-found", () -> restore("../../etc/passwd"));
    assertRefused("not-found", () -> restore(""));
  }

  @Test
  void noticesADamagedCopy() throws Exception {
    Path file = Files.writeString(files.resolve("real"), "x");
    Outcome taken = take(file.toString());
    Files.writeString(
        directory.toRealPath().resolve("state/quarantine/" + taken.quarantineId() + ".file"), "y");
    assertRefused("damaged", () -> restore(taken.quarantineId()));
    assertThat(files).isEmptyDirectory();
  }
}
