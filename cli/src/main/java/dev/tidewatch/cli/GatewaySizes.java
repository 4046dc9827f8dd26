package dev.tidewatch.cli;

import dev.tidewatch.control.gateway.agent.StreamTimeouts;
import dev.tidewatch.control.gateway.ingest.GatewayLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Every limit of a gateway; those that are not given have the defaults of its options. */
final class GatewaySizes {
  private static final GatewayLimits USUAL = GatewayLimits.DEFAULT;
  private static final StreamTimeouts TIMES = StreamTimeouts.DEFAULT;

  @Option(
      names = "--max-message-bytes",
      paramLabel = "N",
      description = "One gRPC message. Default: 4 MiB.")
  int message = USUAL.maxMessageBytes();

  @Option(
      names = "--max-block-bytes",
      paramLabel = "N",
      description = "An agent's block or an HTTP body, uncompressed. Default: 4 MiB.")
  int block = USUAL.maxBlockBytes();

  @Option(
      names = "--max-block-events",
      paramLabel = "N",
      description = "Events in one block or body. Default: 10,000.")
  int blockEvents = USUAL.maxBlockEvents();

  @Option(
      names = "--max-payload-bytes",
      paramLabel = "N",
      description = "One event. Default: 1 MiB.")
  int payload = USUAL.maxPayloadBytes();

  @Option(
      names = "--max-compression-ratio",
      paramLabel = "N",
      description = "Uncompressed to compressed. Default: 200.")
  int ratio = USUAL.maxCompressionRatio();

  @Option(
      names = "--max-header-bytes",
      paramLabel = "N",
      description = "All headers of a request. Default: 16 KiB.")
  int header = USUAL.maxHeaderBytes();

  @Option(
      names = "--max-json-depth",
      paramLabel = "N",
      description = "Nesting of an event over HTTP or OTLP. Default: 64.")
  int depth = USUAL.maxJsonDepth();

  @Option(
      names = "--max-syslog-bytes",
      paramLabel = "N",
      description = "One syslog message. Default: 64 KiB.")
  int syslog = USUAL.maxSyslogBytes();

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      description = "Open at a time. Default: 12,000.")
  int connections = USUAL.maxConnections();

  @Option(
      names = "--max-connections-per-address",
      paramLabel = "N",
      description = "Of one address. Default: 4,096.")
  int connectionsOfAddress = USUAL.maxConnectionsPerAddress();

  @Option(
      names = "--max-handshakes-per-address",
      paramLabel = "N",
      description = "TLS handshakes that are not finished, of one address. Default: 256.")
  int handshakesOfAddress = USUAL.maxHandshakesPerAddress();

  @Option(
      names = "--max-streams-per-address",
      paramLabel = "N",
      description = "Agents' streams of one address. Default: 4,096.")
  int streamsOfAddress = USUAL.maxStreamsPerAddress();

  @Option(
      names = "--max-streams-per-connection",
      paramLabel = "N",
      description = "HTTP/2 streams of a connection. Default: 100.")
  int streamsOfConnection = USUAL.maxStreamsPerConnection();

  @Option(
      names = "--in-flight-bytes",
      paramLabel = "N",
      description = "Events received and not yet in Kafka. Default: 64 MiB.")
  long inFlight = USUAL.inFlightBytes();

  @Option(
      names = "--stream-window-bytes",
      paramLabel = "N",
      description = "What an agent may send ahead of acknowledgements. Default: 4 MiB.")
  int window = USUAL.streamWindowBytes();

  @Option(
      names = "--handshake-timeout",
      paramLabel = "SECONDS",
      description = "Until TLS is agreed on. Default: 10.")
  long handshake = TIMES.handshake().toSeconds();

  @Option(
      names = "--hello-timeout",
      paramLabel = "SECONDS",
      description = "Until an agent's stream says who it is. Default: 10.")
  long hello = TIMES.hello().toSeconds();

  @Option(
      names = "--idle-timeout",
      paramLabel = "SECONDS",
      description = "A stream or connection without any message. Default: 90.")
  long idle = TIMES.idle().toSeconds();

  @Option(
      names = "--heartbeat-interval",
      paramLabel = "SECONDS",
      description = "How often agents report. Default: 30.")
  long heartbeat = TIMES.heartbeat().toSeconds();

  @Option(
      names = "--slow-client-timeout",
      paramLabel = "SECONDS",
      description = "An agent that leaves its answers unread. Default: 30.")
  long slowClient = TIMES.slowClient().toSeconds();

  GatewayLimits limits() {
    return new GatewayLimits(
        message,
        block,
        blockEvents,
        payload,
        ratio,
        header,
        depth,
        syslog,
        connections,
        connectionsOfAddress,
        handshakesOfAddress,
        streamsOfAddress,
        streamsOfConnection,
        inFlight,
        window);
  }

  StreamTimeouts timeouts() {
    return new StreamTimeouts(
        Duration.ofSeconds(hello),
        Duration.ofSeconds(handshake),
        Duration.ofSeconds(idle),
        Duration.ofSeconds(heartbeat),
        Duration.ofSeconds(slowClient),
        TIMES.sweep());
  }
}
