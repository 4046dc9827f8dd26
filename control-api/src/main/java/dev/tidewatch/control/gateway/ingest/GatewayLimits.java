package dev.tidewatch.control.gateway.ingest;

import java.util.ArrayList;
import java.util.List;

/**
 * How large anything may be.
 *
 * @param maxMessageBytes {@code gateway.max-message-bytes}: one gRPC message on the wire; 64 KiB to
 *     64 MiB, default 4 MiB
 * @param maxBlockBytes {@code gateway.max-block-bytes}: an agent's block of events, or an HTTP
 *     body, uncompressed; 64 KiB to 64 MiB, default 4 MiB
 * @param maxBlockEvents {@code gateway.max-block-events}: events in one; 1 to 1,000,000, default
 *     10,000
 * @param maxPayloadBytes {@code gateway.max-payload-bytes}: one event; 1 KiB to 16 MiB, default 1
 *     MiB
 * @param maxCompressionRatio {@code gateway.max-compression-ratio}: uncompressed to compressed; 2
 *     to 10,000, default 200
 * @param maxHeaderBytes {@code gateway.max-header-bytes}: all headers of a request; 1 KiB to 1 MiB,
 *     default 16 KiB
 * @param maxJsonDepth {@code gateway.max-json-depth}: nested objects and arrays of an event that
 *     comes over HTTP or OTLP; 1 to 512, default 64
 * @param maxSyslogBytes {@code gateway.max-syslog-bytes}: one syslog message; 480 B to 1 MiB,
 *     default 64 KiB
 * @param maxConnections {@code gateway.max-connections}: open at a time; default 12,000
 * @param maxConnectionsPerAddress {@code gateway.max-connections-per-address}: open at a time; also
 *     those that listen for syslog; default 4,096
 * @param maxHandshakesPerAddress {@code gateway.max-handshakes-per-address}: TLS connections that
 *     have not finished their handshake; default 256
 * @param maxStreamsPerAddress {@code gateway.max-streams-per-address}: agents' streams; default
 *     4,096
 * @param maxStreamsPerConnection {@code gateway.max-streams-per-connection}: of HTTP/2; 2 to 1,000,
 *     default 100
 * @param inFlightBytes {@code gateway.in-flight-bytes}: events received and not yet in Kafka;
 *     default 64 MiB
 * @param streamWindowBytes {@code gateway.stream-window-bytes}: what an agent may send ahead of its
 *     acknowledgements; default 4 MiB
 */
public record GatewayLimits(
    int maxMessageBytes,
    int maxBlockBytes,
    int maxBlockEvents,
    int maxPayloadBytes,
    int maxCompressionRatio,
    int maxHeaderBytes,
    int maxJsonDepth,
    int maxSyslogBytes,
    int maxConnections,
    int maxConnectionsPerAddress,
    int maxHandshakesPerAddress,
    int maxStreamsPerAddress,
    int maxStreamsPerConnection,
    long inFlightBytes,
    int streamWindowBytes) {

  public static final GatewayLimits DEFAULT =
      new GatewayLimits(
          4 << 20, 4 << 20, 10_000, 1 << 20, 200, 16 << 10, 64, 64 << 10, 12_000, 4_096, 256, 4_096,
          100, 64L << 20, 4 << 20);

  /** Everything that is out of range, a line each that begins with its key. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    within(problems, "gateway.max-message-bytes", maxMessageBytes, 64 << 10, 64 << 20);
    within(problems, "gateway.max-block-bytes", maxBlockBytes, 64 << 10, 64 << 20);
    within(problems, "gateway.max-block-events", maxBlockEvents, 1, 1_000_000);
    within(problems, "gateway.max-payload-bytes", maxPayloadBytes, 1 << 10, 16 << 20);
    within(problems, "gateway.max-compression-ratio", maxCompressionRatio, 2, 10_000);
    within(problems, "gateway.max-header-bytes", maxHeaderBytes, 1 << 10, 1 << 20);
    within(problems, "gateway.max-json-depth", maxJsonDepth, 1, 512);
    within(problems, "gateway.max-syslog-bytes", maxSyslogBytes, 480, 1 << 20);
    within(problems, "gateway.max-connections", maxConnections, 1, 1_000_000);
    within(problems, "gateway.max-connections-per-address", maxConnectionsPerAddress, 1, 1_000_000);
    within(problems, "gateway.max-handshakes-per-address", maxHandshakesPerAddress, 1, 1_000_000);
    within(problems, "gateway.max-streams-per-address", maxStreamsPerAddress, 1, 1_000_000);
    within(problems, "gateway.max-streams-per-connection", maxStreamsPerConnection, 2, 1_000);
    within(problems, "gateway.in-flight-bytes", inFlightBytes, 2L * maxBlockBytes, 8L << 30);
    within(problems, "gateway.stream-window-bytes", streamWindowBytes, 64 << 10, 256 << 20);
    return problems;
  }

  private static void within(List<String> problems, String key, long value, long least, long most) {
    if (value < least || value > most) {
      problems.add(key + ": must be from " + least + " to " + most + ", not " + value);
    }
  }
}
