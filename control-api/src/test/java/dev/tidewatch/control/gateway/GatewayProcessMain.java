package dev.tidewatch.control.gateway;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A gateway that can be killed: prints its port and a token, then waits. */
public final class GatewayProcessMain {
  private GatewayProcessMain() {}

  /** Arguments: directory, Kafka's servers, TLS port. */
  public static void main(String[] args) throws IOException {
    Gateway gateway =
        Gateway.start(
            GatewayOptions.builder(Path.of(args[0]), args[1])
                .ports(Integer.parseInt(args[2]), 0)
                .build());
    String token = gateway.administration().mintToken("kill", Duration.ofMinutes(5));
    System.out.println("ready " + gateway.port() + " " + token);
    while (System.in.read() >= 0) {
      continue;
    }
    gateway.close();
  }
}
