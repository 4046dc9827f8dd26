package dev.tidewatch.cli;

import dev.tidewatch.control.database.DatabaseOptions;
import dev.tidewatch.control.gateway.Gateway;
import dev.tidewatch.control.gateway.GatewayException;
import dev.tidewatch.control.gateway.GatewayOptions;
import dev.tidewatch.control.gateway.enrollment.Secrets;
import dev.tidewatch.control.gateway.syslog.SyslogListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** The gateway of a stack on one machine, for the one tenant {@code default}. */
final class GatewayParts {
  private static final String TENANT = "default";
  private static final String KEY_PREFIX = "twk.";
  private static final int TOKEN_HOURS = 24;
  private static final int KEY_DAYS = 365;

  private GatewayParts() {}

  /** Where it keeps its state within a data directory. */
  static Path directory(Path data) {
    return data.resolve("gateway");
  }

  /**
   * @throws CommandFailedException when a port is taken or its state cannot be read
   */
  static Gateway start(Path data, GatewayPorts ports, String kafka, DatabaseOptions control) {
    try {
      return Gateway.start(
          GatewayOptions.builder(directory(data), kafka)
              .ports(ports.tls, ports.local)
              .database(control)
              .agentUpdates(ReleasePlace.repository(data))
              .syslog(
                  List.of(new SyslogListener(ports.syslog, false, TENANT, ZoneId.systemDefault())))
              .build());
    } catch (GatewayException | IllegalArgumentException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()));
    }
  }

  /** What a person needs to send something. */
  static void say(Gateway gateway, Path data, Steps steps)
      throws IOException, InterruptedException {
    AgentsClient agents = new AgentsClient(ControlClient.local(data, TENANT));
    Path keyFile = directory(data).resolve(TENANT + ".apikey");
    if (!holds(keyFile)) {
      String key = agents.mintSenderKey("made by tidewatch up", KEY_DAYS);
      Secrets.write(keyFile, key.getBytes(StandardCharsets.US_ASCII));
    }
    steps.say("  Gateway     127.0.0.1:" + gateway.port() + "  (agents, TLS)");
    steps.say(
        "  OTLP, HTTP  http://127.0.0.1:" + gateway.localPort() + "  (API key in " + keyFile + ")");
    steps.say("  Syslog      127.0.0.1:" + gateway.syslogPorts().get(0) + "  (TCP)");
    steps.say(
        "  Enrolment   "
            + agents.mintToken(TOKEN_HOURS, "made by tidewatch up")
            + "  (for one agent, "
            + TOKEN_HOURS
            + " h)");
  }

  /** A key of the control API that is not about to end. */
  private static boolean holds(Path keyFile) throws IOException {
    return Files.exists(keyFile)
        && Files.readString(keyFile).startsWith(KEY_PREFIX)
        && Files.getLastModifiedTime(keyFile)
            .toInstant()
            .isAfter(Instant.now().minus(Duration.ofDays(KEY_DAYS - 30)));
  }
}
