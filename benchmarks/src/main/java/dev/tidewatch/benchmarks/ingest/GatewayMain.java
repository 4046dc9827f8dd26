package dev.tidewatch.benchmarks.ingest;

import dev.tidewatch.control.gateway.Gateway;
import dev.tidewatch.control.gateway.GatewayOptions;
import dev.tidewatch.control.gateway.ingest.GatewayLimits;
import java.io.IOException;
import java.nio.file.Path;

/** The gateway as a process of its own: arguments are its directory and Kafka's servers. */
public final class GatewayMain {
  private GatewayMain() {}

  /** Runs until its standard input ends. */
  public static void main(String[] args) throws IOException {
    try (Gateway gateway =
        Gateway.start(
            GatewayOptions.builder(Path.of(args[0]), args[1]).limits(ofOneAddress()).build())) {
      System.out.println("ready " + gateway.port());
      while (System.in.read() >= 0) {
        continue;
      }
    }
  }

  /** All agents of a benchmark come from one address. */
  private static GatewayLimits ofOneAddress() {
    GatewayLimits usual = GatewayLimits.DEFAULT;
    return new GatewayLimits(
        usual.maxMessageBytes(),
        usual.maxBlockBytes(),
        usual.maxBlockEvents(),
        usual.maxPayloadBytes(),
        usual.maxCompressionRatio(),
        usual.maxHeaderBytes(),
        usual.maxJsonDepth(),
        usual.maxSyslogBytes(),
        usual.maxConnections(),
        usual.maxConnections(),
        usual.maxConnections(),
        usual.maxConnections(),
        usual.maxStreamsPerConnection(),
        usual.inFlightBytes(),
        usual.streamWindowBytes());
  }
}
