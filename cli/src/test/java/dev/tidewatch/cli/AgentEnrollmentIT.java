package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.agent.AgentFiles;
import dev.tidewatch.agent.AgentRun;
import dev.tidewatch.agent.enroll.AgentFacts;
import dev.tidewatch.agent.enroll.Enroller;
import dev.tidewatch.agent.enroll.Identity;
import dev.tidewatch.control.gateway.Gateway;
import dev.tidewatch.control.gateway.GatewayOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's enrolment against the real gateway; Kafka is not needed for it. */
class AgentEnrollmentIT {
  @TempDir static Path directory;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(GatewayOptions.builder(directory.resolve("gateway"), "127.0.0.1:1").build());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String token() {
    return gateway.administration().mintToken("acme", Duration.ofMinutes(5));
  }

  private static AgentRun agent(String name) {
    return new AgentRun(new AgentFiles(directory.resolve(name), directory.resolve("none")));
  }

  private static String endpoint() {
    return "127.0.0.1:" + gateway.port();
  }

  @Test
  void keepsWhatItGetsToItselfAndRenewsWithANewKey() throws Exception {
    Identity identity = agent("one").enroll(endpoint(), token());
    Path file = directory.resolve("one/identity");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(agent("one").identity()).contains(identity);
    assertThat(identity.tenantId()).isEqualTo("acme");
    assertThat(identity.commandKeys()).isNotEmpty();
    assertThat(identity.toString()).doesNotContain(identity.privateKey().toStringUtf8());

    Identity renewed = new Enroller(AgentFacts.here()).renew(identity);
    assertThat(renewed.agentId()).isEqualTo(identity.agentId());
    assertThat(renewed.privateKey()).isNotEqualTo(identity.privateKey());
    assertThat(renewed.chain()[0]).isNotEqualTo(identity.chain()[0]);

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> agent("one").identity()).hasMessageContaining("chmod 600");
  }

  @Test
  void aTokenWorksOnce() throws Exception {
    String token = token();
    agent("first").enroll(endpoint(), token);
    assertThatThrownBy(() -> agent("second").enroll(endpoint(), token))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("UNAUTHENTICATED");
    assertThat(agent("second").identity()).isEmpty();
  }

  @Test
  void givesItsTokenToNoOtherGateway() throws Exception {
    String[] parts = token().split("\\.");
    byte[] pin = Base64.getUrlDecoder().decode(parts[2]);
    pin[0] ^= 1;
    String foreign =
        "tw1." + parts[1] + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(pin);
    assertThatThrownBy(() -> agent("pinned").enroll(endpoint(), foreign))
        .hasMessageContaining("the gateway is not the one of this token");
    // The token was not sent: with the right pin it still works.
    agent("pinned").enroll(endpoint(), String.join(".", parts));
  }

  @Test
  void aRevokedAgentDoesNotRenew() throws Exception {
    Identity identity = agent("revoked").enroll(endpoint(), token());
    assertThat(gateway.administration().revoke(identity.agentId(), "lost")).isTrue();
    assertThatThrownBy(() -> new Enroller(AgentFacts.here()).renew(identity))
        .hasMessageContaining("PERMISSION_DENIED");
  }

  @Test
  void saysWhatIsWrongWithATokenOrAnAddress() {
    assertThatThrownBy(() -> agent("bad").enroll(endpoint(), "nonsense"))
        .hasMessageContaining("tw1.SECRET.PIN");
    assertThatThrownBy(() -> agent("bad").enroll("gateway", token()))
        .hasMessageContaining("is no host:port");
    assertThatThrownBy(() -> agent("bad").enroll("127.0.0.1:1", token()))
        .hasMessageContaining("UNAVAILABLE");
  }
}
