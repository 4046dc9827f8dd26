package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewatch.agent.AgentFiles;
import dev.tidewatch.agent.AgentMain;
import dev.tidewatch.agent.AgentRun;
import dev.tidewatch.agent.enroll.Identity;
import dev.tidewatch.control.gateway.Gateway;
import dev.tidewatch.control.gateway.GatewayOptions;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.events.Topics;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real agent under the real launcher, and releases from the publisher's command through the
 * gateway's TLS port: to a good version, and back from a bad one.
 */
class AgentUpdateIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  private static final Path LAUNCHER = Path.of("../agent/src/main/packaging/launch.sh");
  @TempDir static Path directory;
  private static Gateway gateway;
  private static Path repository;

  private final Path home = directory.resolve("home");
  private final Path state = directory.resolve("state");
  private Process launcher;

  /** What a bad release does. */
  public static final class CrashingAgent {
    private CrashingAgent() {}

    public static void main(String[] arguments) {
      throw new IllegalStateException("a bad release");
    }
  }

  @BeforeAll
  static void start() {
    KAFKA.kafka().createTopic(Topics.TELEMETRY, 1);
    repository = directory.resolve("agent-updates");
    gateway =
        Gateway.start(
            GatewayOptions.builder(directory.resolve("gateway"), KAFKA.bootstrapServers())
                .agentUpdates(repository)
                .build());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @AfterEach
  void stopLauncher() throws InterruptedException {
    if (launcher != null) {
      launcher.destroy();
      assertThat(launcher.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(launcher.exitValue()).isZero();
    }
  }

  private static void release(String... arguments) {
    List<String> all = new java.util.ArrayList<>(List.of("agent", "release"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--repository", repository.toString()));
    CommandRun run = CommandRun.of(all.toArray(new String[0]));
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  /** A jar that runs with this test's class path, and has some weight of its own. */
  private static Path jar(String version, Class<?> main) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.getName());
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" ")));
    byte[] weight = new byte[1 << 20];
    new Random(5).nextBytes(weight);
    weight[version.hashCode() & 0xffff] ^= 1;
    Path jar = directory.resolve(version + ".jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      out.putNextEntry(new ZipEntry("weight"));
      out.write(weight);
      out.closeEntry();
    }
    return jar;
  }

  private void install(Path jar) throws IOException {
    Path place = home.resolve("versions/1.0.0/agent.jar");
    Files.createDirectories(place.getParent());
    Files.copy(jar, place);
    Files.createDirectories(home.resolve("tuf"));
    Files.copy(repository.resolve("root.json"), home.resolve("tuf/root.json"));
    Files.writeString(home.resolve("active"), "current=1.0.0\nprevious=\ntrial=0\n");
  }

  private Path configuration() throws IOException {
    StringBuilder text = new StringBuilder("update.interval = 1s\nupdate.trial = 60s\n");
    text.append("update.healthy-after = 0\n");
    for (String off :
        List.of("process", "network", "file", "logs", "journal", "osquery", "inventory")) {
      text.append(off).append(".enabled = off\n");
    }
    return Files.writeString(directory.resolve("agent.properties"), text);
  }

  private void launch() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "/bin/sh",
            LAUNCHER.toString(),
            "--state",
            state.toString(),
            "--config",
            configuration().toString());
    builder.environment().put("TIDEWATCH_AGENT_HOME", home.toString());
    builder
        .environment()
        .put(
            "TIDEWATCH_AGENT_JAVA",
            Path.of(System.getProperty("java.home"), "bin", "java").toString());
    builder
        .environment()
        .put("TIDEWATCH_AGENT_FLAGS", "-Xmx24m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
    launcher = builder.start();
  }

  private JsonNode status() throws IOException {
    Path file = state.resolve("status.json");
    return Files.exists(file)
        ? new ObjectMapper().readTree(file.toFile())
        : new ObjectMapper().missingNode();
  }

  private void awaitRunning(String version) {
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () -> {
              assertThat(status().path("update").path("current").asText()).isEqualTo(version);
              assertThat(status().path("update").path("on_trial").asBoolean(true)).isFalse();
              assertThat(status().path("connected").asBoolean()).isTrue();
            });
  }

  private void awaitActive(String text) {
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(home.resolve("active")).hasContent(text));
  }

  @Test
  void theGatewayServesTheRepositoryAndNothingBesideIt() throws Exception {
    Files.createDirectories(repository);
    Files.writeString(repository.resolve("some.json"), "{}");
    Files.writeString(directory.resolve("beside"), "secret");
    assertThat(answer("GET", "some.json")).isEqualTo(200);
    assertThat(answer("GET", "none.json")).isEqualTo(404);
    assertThat(answer("PUT", "some.json")).isEqualTo(405);
    for (String path : List.of("../beside", "%2e%2e/beside", "..%2fbeside", "", "/etc/passwd")) {
      assertThat(answer("GET", path)).as(path).isBetween(400, 404);
    }
  }

  /** As it is, without a client that tidies the path. */
  private static int answer(String method, String path) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", gateway.localPort())) {
      String request =
          method
              + " /agent-updates/"
              + path
              + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String head = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return Integer.parseInt(head.substring(9));
    }
  }

  @Test
  void theAgentFollowsAGoodReleaseAndComesBackFromABadOne() throws Exception {
    release("init", "--root", "2/3", "--targets", "1/2");
    Path first = jar("1.0.0", AgentMain.class);
    release("add", "--version", "1.0.0", first.toString());
    install(first);
    String token = gateway.administration().mintToken("updated", Duration.ofMinutes(5));
    Identity identity =
        new AgentRun(new AgentFiles(state, directory.resolve("none")))
            .enroll("127.0.0.1:" + gateway.port(), token);
    launch();
    awaitRunning("1.0.0");

    release("rotate", "timestamp", "1/1");
    release("add", "--version", "1.1.0", jar("1.1.0", AgentMain.class).toString());
    awaitRunning("1.1.0");
    awaitActive("current=1.1.0\nprevious=1.0.0\ntrial=0");
    assertThat(home.resolve("versions/1.1.0/agent.jar"))
        .hasSameBinaryContentAs(directory.resolve("1.1.0.jar"));
    assertThat(directory.resolve("log")).content().contains("patched to 1.1.0");
    assertThat(status().path("agent_id").asText()).isEqualTo(identity.agentId());

    release("add", "--version", "1.2.0", jar("1.2.0", CrashingAgent.class).toString());
    awaitActive("current=1.1.0\nprevious=\ntrial=0");
    assertThat(home.resolve("bad")).hasContent("1.2.0");
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () ->
                assertThat(gateway.administration().heartbeat(identity.agentId()))
                    .hasValueSatisfying(
                        heartbeat ->
                            assertThat(heartbeat.getUpdate().getCurrent()).isEqualTo("1.1.0")));
    awaitRunning("1.1.0");
    assertThat(status().path("update").path("available").asText()).as("bad here").isEmpty();
  }
}
