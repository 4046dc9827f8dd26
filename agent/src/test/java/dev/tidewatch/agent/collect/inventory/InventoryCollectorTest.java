package dev.tidewatch.agent.collect.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tidewatch.agent.collect.RecordingSink;
import dev.tidewatch.ingest.v1.AgentEvent;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class InventoryCollectorTest {
  private static final String DPKG =
      """
      Package: openssl
      Status: install ok installed
      Maintainer: Somebody <a@example.org>
      Architecture: amd64
      Version: 3.0.17-1

      Package: removed
      Status: deinstall ok config-files
      Architecture: amd64
      Version: 1.0
      Description: something
       Package: not-a-field

      """;

  @TempDir Path root;
  private final RecordingSink sink = new RecordingSink();

  private InventoryCollector collector(String... lists) {
    return new InventoryCollector(
        new InventoryOptions(
            Duration.ofHours(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Set.of(lists),
            root.resolve("told"),
            root));
  }

  private Path write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private List<String> look(InventoryCollector collector) throws Exception {
    sink.clear();
    collector.lists(false, sink.emitter("inventory"));
    return sink.payloads();
  }

  @Test
  void listsPackagesOnceAndThenWhatChanges() throws Exception {
    Path status = write("var/lib/dpkg/status", DPKG);
    InventoryCollector collector = collector("packages");
    assertThat(look(collector))
        .singleElement()
        .asString()
        .contains("\"Action\":\"listed\"")
        .contains("\"class_uid\":5020,\"activity_id\":2")
        .contains("\"PackageName\":\"openssl\",\"PackageVersion\":\"3.0.17-1\"")
        .contains("\"Architecture\":\"amd64\"")
        .contains("\"PackageManager\":\"dpkg\"");
    AgentEvent event = sink.events().get(0);
    assertThat(event.getSource().getProduct()).isEqualTo("tidewatch");
    assertThat(event.getSource().getService()).isEqualTo("packages");
    assertThat(look(collector)).isEmpty();

    Files.writeString(status, DPKG.replace("3.0.17-1", "3.0.18-1") + stanza("nmap"));
    assertThat(look(collector))
        .anySatisfy(
            json ->
                assertThat(json)
                    .contains("\"Action\":\"changed\"")
                    .contains("3.0.18-1")
                    .contains("\"activity_id\":1"))
        .anySatisfy(
            json ->
                assertThat(json)
                    .contains("\"Action\":\"added\"")
                    .contains("\"PackageName\":\"nmap\""))
        .hasSize(2);

    // As if started again: only what changed meanwhile.
    Files.writeString(status, stanza("nmap"));
    InventoryCollector again = collector("packages");
    again.load();
    assertThat(look(again))
        .singleElement()
        .asString()
        .contains("\"Action\":\"removed\"")
        .contains("openssl");
  }

  private static String stanza(String name) {
    return "Package: "
        + name
        + "\nStatus: install ok installed\nArchitecture: amd64\nVersion: 7.9\n\n";
  }

  @Test
  void readsApk() throws Exception {
    write(
        "lib/apk/db/installed", "C:Q1x\nP:musl\nV:1.2.4-r2\nA:x86_64\n\nP:zlib\nV:1.3\nA:x86_64\n");
    assertThat(look(collector("packages")))
        .hasSize(2)
        .anySatisfy(
            json -> assertThat(json).contains("\"PackageName\":\"musl\"").contains("1.2.4-r2"));
  }

  private byte[] rpmDatabase() throws IOException {
    try (InputStream text = getClass().getResourceAsStream("rpmdb.sqlite.gz.base64")) {
      byte[] packed = Base64.getMimeDecoder().decode(text.readAllBytes());
      return new GZIPInputStream(new java.io.ByteArrayInputStream(packed)).readAllBytes();
    }
  }

  /** Made by SQLite itself, with pages of 512 bytes: deep, and with long rows over many pages. */
  @Test
  void readsRpm() throws Exception {
    Path database = root.resolve("var/lib/rpm/rpmdb.sqlite");
    Files.createDirectories(database.getParent());
    Files.write(database, rpmDatabase());
    List<String> found = look(collector("packages"));
    assertThat(found).hasSize(60);
    for (int i = 0; i < 60; i++) {
      String version = (i == 3 ? "7:" : "") + "1." + i + "-" + i % 4 + ".el9";
      assertThat(found.get(i))
          .contains("\"PackageName\":\"package%02d\"".formatted(i))
          .contains("\"PackageVersion\":\"" + version + "\"")
          .contains("\"Vendor\":\"Example Linux\"");
    }
  }

  @Test
  void aDamagedDatabaseIsAnErrorAndNothingElse() throws Exception {
    byte[] good = rpmDatabase();
    Path database = root.resolve("damaged.sqlite");
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      byte[] bad = good.clone();
      for (int i = 0; i < 1 + random.nextInt(40); i++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      Files.write(database, bad, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
      List<InstalledPackage> found = new ArrayList<>();
      assertThatCode(
              () -> {
                try {
                  RpmDatabase.read(database, found::add);
                } catch (IOException e) {
                  assertThat(e).hasMessageMatching("(?s).*(damaged|no SQLite|no table).*");
                }
              })
          .as("round " + round)
          .doesNotThrowAnyException();
      assertThat(found.size()).isLessThan(2000);
    }
  }

  @Test
  void tellsOfNewAccountsAndNewGroups() throws Exception {
    write("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n");
    write("etc/group", "root:x:0:\nsudo:x:27:\n");
    InventoryCollector collector = collector("users");
    assertThat(look(collector)).hasSize(1);
    write("etc/passwd", "root:x:0:0:root:/root:/bin/bash\nmallory:x:0:0::/:/bin/sh\n");
    write("etc/group", "root:x:0:\nsudo:x:27:mallory\n");
    assertThat(look(collector))
        .singleElement()
        .asString()
        .contains("\"Action\":\"added\"")
        .contains("\"User\":\"mallory\",\"UserId\":\"0\"")
        .contains("\"Groups\":\"sudo\"")
        .contains("\"Shell\":\"/bin/sh\"");
  }

  @Test
  void readsSessionsOfUtmpAndOfLogind() throws Exception {
    ByteBuffer utmp = ByteBuffer.allocate(2 * 384).order(ByteOrder.nativeOrder());
    utmp.putShort(0, (short) 2);
    utmp.putShort(384, (short) 7);
    utmp.put(384 + 8, "pts/0".getBytes(UTF_8));
    utmp.put(384 + 44, "ann".getBytes(UTF_8));
    utmp.put(384 + 76, "203.0.113.9".getBytes(UTF_8));
    utmp.putInt(384 + 340, 1_795_000_000);
    Files.createDirectories(root.resolve("run"));
    Files.write(root.resolve("run/utmp"), utmp.array());
    InventoryCollector collector = collector("sessions");
    assertThat(look(collector))
        .singleElement()
        .asString()
        .contains("\"User\":\"ann\",\"Terminal\":\"pts/0\",\"SourceHost\":\"203.0.113.9\"")
        .contains("\"LogonTime\":\"2026-11-");
    Files.delete(root.resolve("run/utmp"));
    write(
        "run/systemd/sessions/4",
        "USER=bob\nCLASS=user\nTTY=tty1\nREMOTE_HOST=h\nREALTIME=1795000000000000\n");
    assertThat(look(collector))
        .hasSize(2)
        .anySatisfy(json -> assertThat(json).contains("\"added\"").contains("\"User\":\"bob\""))
        .anySatisfy(json -> assertThat(json).contains("\"removed\""));
  }

  @Test
  void tellsOfPortsAndTheirProcesses() throws Exception {
    InventoryCollector collector =
        new InventoryCollector(
            new InventoryOptions(
                Duration.ofHours(1),
                Duration.ofMinutes(1),
                Duration.ofMinutes(5),
                Set.of("ports"),
                root.resolve("told"),
                Path.of("/")));
    look(collector);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = "\"LocalPort\":\"" + server.getLocalPort() + "\"";
      assertThat(look(collector))
          .anySatisfy(
              json ->
                  assertThat(json)
                      .contains(port)
                      .contains("\"Action\":\"added\"")
                      .contains("\"Protocol\":\"tcp\"")
                      .contains("\"ProcessId\":\"" + ProcessHandle.current().pid())
                      .containsPattern("\"Image\":\"[^\"]*java\""));
      assertThat(look(collector)).noneMatch(json -> json.contains(port));
    }
    assertThat(look(collector)).anyMatch(json -> json.contains("\"removed\""));
  }

  @Test
  void saysWhatThisMachineIs() throws Exception {
    LinuxFacts facts = new LinuxFacts(Path.of("/proc"), Path.of("/etc"));
    var system = new dev.tidewatch.agent.collect.Payload();
    facts.system(system);
    assertThat(system.json().toStringUtf8())
        .contains("\"os_family\":\"")
        .contains("\"kernel\":\"")
        .containsPattern("\"memory_bytes\":[1-9]")
        .containsPattern("\"boot_time\":\"20[0-9]{2}-")
        .contains("127.0.0.1");
    var load = new dev.tidewatch.agent.collect.Payload();
    facts.load(load);
    assertThat(load.json().toStringUtf8())
        .containsPattern("\"load_1m\":[0-9]")
        .containsPattern("\"processes\":[1-9]");
  }
}
