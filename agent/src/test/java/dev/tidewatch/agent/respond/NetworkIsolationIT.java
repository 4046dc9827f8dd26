package dev.tidewatch.agent.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.IsolateNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kernel's nftables between two network namespaces, the machine and the rest of its world.
 * Needs root, {@code ip} and {@code nft}.
 */
@EnabledOnOs(OS.LINUX)
class NetworkIsolationIT {
  private static final String ONE = "192.0.2.7";
  private static final String ONE_V6 = "2001:db8::7";
  private static final String OTHER = "192.0.2.8";
  private static final String OTHER_V6 = "2001:db8::8";
  private static final String MACHINE = "192.0.2.1";

  private final String id = UUID.randomUUID().toString().substring(0, 8);
  private final String machine = "tw-m-" + id;
  private final String world = "tw-w-" + id;
  @TempDir Path directory;
  private Path nft;

  @BeforeEach
  void twoNamespaces() throws Exception {
    Path ip = program("ip");
    Path realNft = program("nft");
    assumeTrue(
        run(ip.toString(), "netns", "add", machine) == 0, "not permitted to make namespaces");
    assumeTrue(run(ip.toString(), "netns", "add", world) == 0);
    assumeTrue(
        run(
                ip.toString(),
                "link",
                "add",
                "tw0",
                "netns",
                machine,
                "type",
                "veth",
                "peer",
                "name",
                "tw1",
                "netns",
                world)
            == 0,
        "the kernel has no veth");
    for (String address : List.of(MACHINE + "/24", "2001:db8::1/64")) {
      up(machine, "tw0", address);
    }
    for (String address : List.of(ONE + "/24", OTHER + "/24", ONE_V6 + "/64", OTHER_V6 + "/64")) {
      up(world, "tw1", address);
    }
    nft = directory.resolve("nft");
    Files.writeString(
        nft, "#!/bin/sh\nexec " + ip + " netns exec " + machine + " " + realNft + " \"$@\"\n");
    Files.setPosixFilePermissions(nft, PosixFilePermissions.fromString("rwx------"));
    assumeTrue(run(nft.toString(), "list", "ruleset") == 0, "the kernel has no nftables");
  }

  private static Path program(String name) {
    List<Path> found =
        Stream.of("/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/")
            .map(place -> Path.of(place + name))
            .filter(Files::isExecutable)
            .toList();
    assumeTrue(!found.isEmpty(), "there is no " + name);
    return found.get(0);
  }

  private static void up(String namespace, String device, String address) throws Exception {
    List<String> add =
        List.of("ip", "-n", namespace, "address", "add", address, "dev", device, "nodad");
    // IPv4 has no nodad.
    List<String> words = address.contains(":") ? add : add.subList(0, add.size() - 1);
    assertThat(run(words.toArray(String[]::new))).isZero();
    assertThat(run("ip", "-n", namespace, "link", "set", device, "up")).isZero();
    assertThat(run("ip", "-n", namespace, "link", "set", "lo", "up")).isZero();
  }

  @AfterEach
  void noNamespaces() throws Exception {
    run("ip", "netns", "delete", machine);
    run("ip", "netns", "delete", world);
  }

  private static int run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(String.join(" ", command)).isTrue();
    return process.exitValue();
  }

  /** Who tries to open a connection, and where to. */
  private record Probe(String from, String address, int port) {
    /** Nothing listens: whoever is reached refuses at once, whoever is cut off says nothing. */
    boolean reachesWithin(String seconds) {
      try {
        Process process =
            new ProcessBuilder(
                    "ip",
                    "netns",
                    "exec",
                    from,
                    "timeout",
                    seconds,
                    "bash",
                    "-c",
                    "exec 3<>/dev/tcp/" + address + "/" + port)
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .contains("refused");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void assertReached(Probe... probes) {
    for (Probe probe : probes) {
      assertThat(probe.reachesWithin("30")).as("%s", probe).isTrue();
    }
  }

  /** All at once, and long enough for the kernel to have tried a second time. */
  private static void assertCutOff(Probe... probes) {
    assertThat(
            Stream.of(probes)
                .map(probe -> CompletableFuture.supplyAsync(() -> probe.reachesWithin("2")))
                .toList())
        .noneMatch(CompletableFuture::join);
  }

  private NetworkIsolation isolation(String gateway) {
    return new NetworkIsolation(
        nft, directory.resolve("isolation"), gateway + ":7443", InstantSource.system());
  }

  private static Command isolate(String... allowed) {
    return Command.newBuilder()
        .setIsolateNetwork(IsolateNetwork.newBuilder().addAllAllowed(List.of(allowed)))
        .build();
  }

  @Test
  void onlyTheGatewayAndWhatIsAllowedStayReachable() throws Exception {
    NetworkIsolation isolation = isolation(ONE);
    assertThat(isolation.isolate(isolate().toBuilder().setDryRun(true).build()).detail())
        .startsWith("would isolate");
    Probe gateway = new Probe(machine, ONE, 7443);
    Probe sameHost = new Probe(machine, ONE, 80);
    Probe other = new Probe(machine, OTHER, 7443);
    Probe fromOutside = new Probe(world, MACHINE, 22);
    Probe loopback = new Probe(machine, "127.0.0.1", 80);
    assertReached(gateway, sameHost, other, fromOutside, loopback);

    isolation.isolate(isolate());
    assertReached(gateway, loopback);
    assertCutOff(sameHost, other, fromOutside);

    // Isolated again with more allowed: in place of the older table, not beside it.
    isolation.isolate(isolate(OTHER + "/32"));
    assertReached(other);

    isolation.release(Command.getDefaultInstance());
    assertReached(gateway, sameHost, other, fromOutside);
  }

  /** Over IPv6 the neighbour has to be found through the very table that cuts everything off. */
  @Test
  void theGatewayIsFoundAgainOverIpv6() throws Exception {
    isolation("[" + ONE_V6 + "]").isolate(isolate());
    assertThat(run("ip", "-n", machine, "-6", "neighbour", "flush", "dev", "tw0")).isZero();
    assertReached(new Probe(machine, ONE_V6, 7443));
    assertCutOff(new Probe(machine, OTHER_V6, 7443));
  }
}
