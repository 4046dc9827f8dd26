package dev.tidewatch.agent.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import dev.tidewatch.ingest.v1.CollectPath;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.IsolateNetwork;
import dev.tidewatch.ingest.v1.KillProcess;
import dev.tidewatch.ingest.v1.RunOsquery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ActionsTest {
  @TempDir Path directory;

  private static void assertRefused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  // ---- kill

  private static Command kill(KillProcess.Builder kill, boolean dry) {
    return Command.newBuilder().setKillProcess(kill).setDryRun(dry).build();
  }

  @Test
  void killsTheProcessThatIsMeantAndNoOther() throws Exception {
    KillProcessAction action = new KillProcessAction();
    Process process = new ProcessBuilder("/bin/sleep", "100").start();
    KillProcess.Builder right =
        KillProcess.newBuilder()
            .setPid(process.pid())
            .setStartTimeMs(process.info().startInstant().orElseThrow().toEpochMilli());
    assertRefused(
        "changed",
        () -> action.perform(kill(right.clone().setExecutable("/usr/bin/other"), false)));
    assertRefused("changed", () -> action.perform(kill(right.clone().setStartTimeMs(1), false)));
    assertThat(action.perform(kill(right, true)).detail()).startsWith("would kill");
    assertThat(process.isAlive()).isTrue();
    assertThat(action.perform(kill(right, false)).detail()).startsWith("killed");
    assertThat(process.waitFor()).isEqualTo(128 + 9);
    assertRefused("not-found", () -> action.perform(kill(right, false)));
  }

  @Test
  void neverKillsTheAgentOrWhatItRunsInOrInit() {
    KillProcessAction action = new KillProcessAction();
    Optional<ProcessHandle> one = Optional.of(ProcessHandle.current());
    for (; one.isPresent(); one = one.flatMap(ProcessHandle::parent)) {
      // Dry, so that what this test runs in survives a mistake.
      KillProcess.Builder kill = KillProcess.newBuilder().setPid(one.get().pid()).setTree(true);
      assertRefused("protected", () -> action.perform(kill(kill, true)));
    }
    assertRefused(
        "protected", () -> action.perform(kill(KillProcess.newBuilder().setPid(1), true)));
  }

  // ---- collect

  private static Command collect(Path path, long bytes, int files) {
    return Command.newBuilder()
        .setCollectPath(
            CollectPath.newBuilder().setPath(path.toString()).setMaxBytes(bytes).setMaxFiles(files))
        .build();
  }

  private static TreeMap<String, String> unpack(Path archive) throws IOException {
    TreeMap<String, String> files = new TreeMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ZstdInputStream(Files.newInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String content = new String(tar.readAllBytes(), "UTF-8");
        files.put(entry.getName(), entry.isSymbolicLink() ? "-> " + entry.getLinkName() : content);
      }
    }
    return files;
  }

  @Test
  void collectsADirectoryWithoutFollowingLinks() throws Exception {
    Path root = Files.createDirectories(directory.toRealPath().resolve("case/sub"));
    Files.writeString(root.resolve("a.txt"), "alpha");
    Files.writeString(root.getParent().resolve("b.txt"), "beta");
    Files.createSymbolicLink(root.resolve("shadow"), Path.of("/etc/passwd"));
    Files.createSymbolicLink(root.resolve("loop"), root.getParent());
    CollectAction action = new CollectAction(directory.toRealPath().resolve("out"), 1 << 20, 100);
    Outcome outcome = action.perform(collect(root.getParent(), 0, 0));
    Path archive = outcome.uploads().values().iterator().next();
    String base = root.getParent().toString().substring(1);
    assertThat(unpack(archive))
        .containsOnly(
            Map.entry(base + "/b.txt", "beta"),
            Map.entry(base + "/sub/a.txt", "alpha"),
            Map.entry(base + "/sub/shadow", "-> /etc/passwd"),
            Map.entry(base + "/sub/loop", "-> " + root.getParent()));
    assertThat(outcome.evidence().get(0).getSizeBytes()).isEqualTo(Files.size(archive));
    assertThat(outcome.evidence().get(0).getSha256().toByteArray())
        .isEqualTo(
            java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive)));
    assertThat(outcome.uploads().keySet()).containsExactly(outcome.evidence().get(0).getUploadId());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
        .isEqualTo("rw-------");
  }

  @Test
  void collectsNothingBeyondItsLimits() throws Exception {
    Path root = Files.createDirectory(directory.toRealPath().resolve("case"));
    for (int i = 0; i < 10; i++) {
      Files.writeString(root.resolve("f" + i), "0123456789");
    }
    Path out = directory.toRealPath().resolve("out");
    CollectAction action = new CollectAction(out, 1000, 100);
    assertRefused("too-large", () -> action.perform(collect(root, 50, 0)));
    assertRefused("too-large", () -> action.perform(collect(root, 0, 5)));
    assertThat(out).isEmptyDirectory();
    // The command may ask for less than the machine permits, not for more.
    assertRefused(
        "too-large",
        () -> new CollectAction(out, 50, 100).perform(collect(root, 1 << 30, 1 << 30)));
    assertRefused("path", () -> action.perform(collect(root.resolve("../case"), 0, 0)));
    assertRefused("not-found", () -> action.perform(collect(root.resolve("absent"), 0, 0)));
    Path link = Files.createSymbolicLink(directory.toRealPath().resolve("link"), root);
    assertRefused("link", () -> action.perform(collect(link.resolve("f1"), 0, 0)));
  }

  // ---- osquery

  @Test
  void asksOsqueryForOneSelectOnly() throws Exception {
    assertThat(OsqueryAction.statement(" SELECT * FROM users; ")).isEqualTo("SELECT * FROM users");
    for (String bad :
        new String[] {
          "", "ATTACH 'x' AS y", ".shell id", "-A", "SELECT 1; DROP TABLE x", "selected"
        }) {
      assertRefused("malformed", () -> OsqueryAction.statement(bad));
    }
    Path osqueryi =
        Files.writeString(
            directory.resolve("osqueryi"), "#!/bin/sh\necho \"[\\\"$1\\\",\\\"$2\\\"]\"\n");
    Files.setPosixFilePermissions(osqueryi, PosixFilePermissions.fromString("rwx------"));
    Command command =
        Command.newBuilder().setRunOsquery(RunOsquery.newBuilder().setSql("SELECT 1")).build();
    assertThat(new OsqueryAction(osqueryi).perform(command).output().toStringUtf8().strip())
        .isEqualTo("[\"--json\",\"SELECT 1\"]");
    assertRefused(
        "unavailable", () -> new OsqueryAction(Path.of("/absent/osqueryi")).perform(command));
  }

  @Test
  void endsAProgramThatTakesTooLong() throws Exception {
    Path osqueryi = Files.writeString(directory.resolve("slow"), "#!/bin/sh\nexec sleep 60\n");
    Files.setPosixFilePermissions(osqueryi, PosixFilePermissions.fromString("rwx------"));
    Command command =
        Command.newBuilder()
            .setRunOsquery(RunOsquery.newBuilder().setSql("SELECT 1").setTimeoutMs(100))
            .build();
    assertRefused("timeout", () -> new OsqueryAction(osqueryi).perform(command));
  }

  // ---- network

  private static Command isolate(String... allowed) {
    return Command.newBuilder()
        .setIsolateNetwork(IsolateNetwork.newBuilder().addAllAllowed(Set.of(allowed)))
        .build();
  }

  @Test
  void keepsTheGatewayReachable() throws Exception {
    String script = IsolationTable.script("192.0.2.7:7443", Set.of("10.0.0.0/8", "2001:db8::1"));
    assertThat(script)
        .startsWith("table inet tidewatch_isolation\ndelete table inet tidewatch_isolation\n")
        .contains("type filter hook output priority -300; policy drop;")
        .contains("ip daddr 192.0.2.7 tcp dport 7443 accept")
        .contains("ip saddr 192.0.2.7 tcp sport 7443 ct state established accept")
        .contains("ip daddr 10.0.0.0/8 accept")
        .contains("ip6 daddr 2001:db8::1 accept")
        .doesNotContain("dport 53");
  }

  @Test
  void readsNameServersAndLeavesOutWhatIsNone() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("resolv.conf"),
            "search example.com\nnameserver 1.1.1.1; flush ruleset\nnameserver ::1/64/x\n"
                + "nameserver 192.0.2.53\nnameserver\tfe80::1%eth0\nnameserver 192.0.2.53\n");
    assertThat(IsolationTable.nameServers(List.of(file, directory.resolve("absent"))))
        .containsExactlyInAnyOrder("192.0.2.53", "fe80:0:0:0:0:0:0:1");
  }

  @Test
  void letsNothingButAddressesIntoTheScript() {
    for (String bad :
        new String[] {
          "1.2.3.4; flush ruleset", "1.2.3.4 }", "example.com", "1.2.3.4/33", "", "1.2.3.4\naccept"
        }) {
      assertRefused("malformed", () -> IsolationTable.network(bad));
    }
  }

  @Test
  void saysClearlyThatNftablesIsAbsent() {
    NetworkIsolation isolation =
        new NetworkIsolation(
            Path.of("/absent/nft"),
            directory.resolve("isolation"),
            "192.0.2.7:7443",
            InstantSource.system());
    assertThatThrownBy(() -> isolation.isolate(isolate()))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("install nftables");
    assertThat(isolation.isIsolated()).isFalse();
  }

  @Test
  void isolatesReleasesAndIsReleasedByTime() throws Exception {
    Path nft = directory.resolve("nft");
    Files.writeString(
        nft, "#!/bin/sh\necho \"$@\" >> " + directory + "/calls\ncat >> " + directory + "/calls\n");
    Files.setPosixFilePermissions(nft, PosixFilePermissions.fromString("rwx------"));
    long[] now = {1000};
    NetworkIsolation isolation =
        new NetworkIsolation(
            nft,
            directory.resolve("isolation"),
            "192.0.2.7:7443",
            () -> java.time.Instant.ofEpochMilli(now[0]));
    Outcome dry = isolation.isolate(isolate().toBuilder().setDryRun(true).build());
    assertThat(dry.detail()).startsWith("would isolate");
    assertThat(isolation.isIsolated()).isFalse();
    assertThat(Files.readString(directory.resolve("calls"))).startsWith("--check -f -");
    isolation.isolate(
        Command.newBuilder()
            .setIsolateNetwork(IsolateNetwork.newBuilder().setReleaseAfterMs(500))
            .build());
    assertThat(isolation.isIsolated()).isTrue();
    assertThat(isolation.keep(true)).contains("the network stays isolated");
    assertThat(isolation.keep(false)).isEmpty();
    now[0] = 2000;
    assertThat(isolation.keep(false)).isPresent();
    assertThat(isolation.isIsolated()).isFalse();
    assertThat(isolation.release(Command.getDefaultInstance()).detail())
        .isEqualTo("was not isolated");
  }

  @Test
  void whatCannotBeIsolatedAgainStaysIsolatedAsBefore() throws Exception {
    Path broken = directory.resolve("broken");
    Path nft =
        Files.writeString(
            directory.resolve("nft"), "#!/bin/sh\ncat > /dev/null\ntest ! -e " + broken + "\n");
    Files.setPosixFilePermissions(nft, PosixFilePermissions.fromString("rwx------"));
    long[] now = {1000};
    NetworkIsolation isolation =
        new NetworkIsolation(
            nft,
            directory.resolve("isolation"),
            "192.0.2.7:7443",
            () -> java.time.Instant.ofEpochMilli(now[0]));
    Files.createFile(broken);
    assertRefused("failed", () -> isolation.isolate(releasedAfter(500)));
    assertThat(isolation.isIsolated()).isFalse();
    Files.delete(broken);
    isolation.isolate(releasedAfter(500));
    Files.createFile(broken);
    assertRefused("failed", () -> isolation.isolate(isolate("10.0.0.0/8")));
    assertThat(isolation.isIsolated()).isTrue();
    Files.delete(broken);
    now[0] = 1500;
    assertThat(isolation.keep(false)).as("its time is that of the first").isPresent();
    assertRefused("malformed", () -> isolation.isolate(releasedAfter(-1)));
    assertRefused("malformed", () -> isolation.isolate(releasedAfter(Long.MAX_VALUE)));
  }

  private static Command releasedAfter(long millis) {
    return Command.newBuilder()
        .setIsolateNetwork(IsolateNetwork.newBuilder().setReleaseAfterMs(millis))
        .build();
  }
}
