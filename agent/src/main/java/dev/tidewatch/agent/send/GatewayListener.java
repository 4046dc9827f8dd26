package dev.tidewatch.agent.send;

import dev.tidewatch.ingest.v1.SignedCommand;
import dev.tidewatch.ingest.v1.SignedConfiguration;

/** Takes what the gateway sends besides acknowledgements. Must not block. */
public interface GatewayListener {
  void command(SignedCommand command);

  void configuration(SignedConfiguration configuration);
}
