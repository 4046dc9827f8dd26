package dev.tidewatch.cli;

import picocli.CommandLine.Option;

/** The gateway's ports on 127.0.0.1; 0 takes a free one. */
final class GatewayPorts {
  @Option(
      names = "--gateway-port",
      defaultValue = "7443",
      paramLabel = "N",
      description = "Gateway: agents, OTLP and NDJSON, with TLS. Default: ${DEFAULT-VALUE}.")
  int tls;

  @Option(
      names = "--gateway-local-port",
      defaultValue = "4318",
      paramLabel = "N",
      description = "Gateway: OTLP, NDJSON, metrics, without TLS. Default: ${DEFAULT-VALUE}.")
  int local;

  @Option(
      names = "--syslog-port",
      defaultValue = "5514",
      paramLabel = "N",
      description = "Gateway: syslog over TCP. Default: ${DEFAULT-VALUE}.")
  int syslog;
}
