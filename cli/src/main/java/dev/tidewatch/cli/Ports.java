package dev.tidewatch.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ports on 127.0.0.1; 0 takes a free one. */
final class Ports {
  @Option(
      names = "--port",
      defaultValue = "8080",
      paramLabel = "N",
      description = "Console and control API. Default: ${DEFAULT-VALUE}.")
  int control;

  @Option(
      names = "--clickhouse-port",
      defaultValue = "8123",
      paramLabel = "N",
      description = "ClickHouse's HTTP protocol. Default: ${DEFAULT-VALUE}.")
  int clickhouse;

  @Option(
      names = "--kafka-port",
      defaultValue = "9092",
      paramLabel = "N",
      description = "Kafka. Default: ${DEFAULT-VALUE}.")
  int kafka;

  @Option(
      names = "--flink-port",
      defaultValue = "8081",
      paramLabel = "N",
      description = "Flink's web UI. Default: ${DEFAULT-VALUE}.")
  int flink;

  @Option(
      names = "--postgres-port",
      defaultValue = "0",
      paramLabel = "N",
      description = "The embedded PostgreSQL. Default: any free port.")
  int postgres;

  @Option(
      names = "--database-url",
      defaultValue = "",
      paramLabel = "URL",
      description = {
        "A PostgreSQL database to keep control state in, jdbc:postgresql://host/database, instead of",
        "the embedded one. Passwords: $$TIDEWATCH_DATABASE_PASSWORD, $$TIDEWATCH_DATABASE_OWNER_PASSWORD."
      })
  String database = "";

  @Option(
      names = "--database-user",
      defaultValue = "tidewatch_app",
      paramLabel = "NAME",
      description = "Role to work as; owns nothing. Default: ${DEFAULT-VALUE}.")
  String databaseUser = "tidewatch_app";

  @Option(
      names = "--database-owner",
      defaultValue = "tidewatch_owner",
      paramLabel = "NAME",
      description = "Role that owns the database; migrates it. Default: ${DEFAULT-VALUE}.")
  String databaseOwner = "tidewatch_owner";

  @Mixin GatewayPorts gateway = new GatewayPorts();
  @Mixin CallerOptions callers = new CallerOptions();

  /** A free port for everything. */
  static Ports free() {
    return new Ports();
  }

  /**
   * Names the first port that is taken, before anything starts.
   *
   * @throws CommandFailedException that names the port, what it is for and the option to change it
   */
  void requireFree() {
    requireFree(control, "the console", "--port");
    requireFree(clickhouse, "ClickHouse", "--clickhouse-port");
    requireFree(kafka, "Kafka", "--kafka-port");
    requireFree(flink, "Flink's web UI", "--flink-port");
    requireFree(gateway.tls, "the gateway", "--gateway-port");
    requireFree(gateway.local, "the gateway without TLS", "--gateway-local-port");
    requireFree(gateway.syslog, "syslog", "--syslog-port");
    requireFree(postgres, "PostgreSQL", "--postgres-port");
  }

  private static void requireFree(int port, String use, String option) {
    if (port < 0 || port > 65_535) {
      throw new CommandFailedException(
          Tidewatch.USAGE, option + " " + port + ": a port is 0 to 65535");
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new CommandFailedException(
          "port %d for %s is taken; stop what listens there or choose another with %s N (0 = any free one)"
              .formatted(port, use, option));
    }
  }
}
