package dev.tidewatch.control.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.embedded.LoopbackPort;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.embedded.junit.PostgresExtension;
import dev.tidewatch.events.Topics;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway with a control database: tokens, quotas, keys, commands and configurations are the
 * control API's, and what agents report is there.
 */
class ControlledGatewayIT {
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final PostgresExtension POSTGRES = new PostgresExtension();
  @TempDir static Path directory;
  private static ControlledGateway on;

  @BeforeAll
  static void start() throws Exception {
    KAFKA.kafka().createTopic(Topics.TELEMETRY, 1);
    on = new ControlledGateway(POSTGRES.postgres(), KAFKA.bootstrapServers(), directory);
  }

  @AfterAll
  static void stop() {
    on.close();
  }

  @Nested
  class Enrolment extends EnrolledAgents {
    Enrolment() {
      super(on);
    }
  }

  @Nested
  class Ingest extends SendersAndQuotas {
    Ingest() {
      super(on);
    }
  }

  @Nested
  class Commands extends CommandedAgents {
    Commands() {
      super(on);
    }
  }

  @Test
  void agentsOfAGatewayThatRanAloneGoOn() throws Exception {
    on.api().createTenant("adopted");
    Path place = directory.resolve("alone");
    TestAgent agent;
    int port = LoopbackPort.free();
    try (Gateway alone = Gateway.start(on.options(place).ports(port, 0).build())) {
      agent = TestAgent.enroll(alone, "adopted");
    }
    try (Gateway joined =
        Gateway.start(on.options(place).ports(port, 0).database(on.database()).build())) {
      assertThatThrownBy(joined::administration).isInstanceOf(IllegalStateException.class);
      TestAgent.Line line = agent.connect((byte) 1, 0);
      line.send(TestAgent.batch(1, TestAgent.event("still here")));
      line.acknowledged(1);
      assertThat(on.agent("adopted", agent.enrollment.getAgentId()).getHost()).isEqualTo("web-1");
      agent.close();
    } finally {
      // The newest authority is the one that tokens name.
      on.restart();
    }
  }
}
