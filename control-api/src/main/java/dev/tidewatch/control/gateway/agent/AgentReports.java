package dev.tidewatch.control.gateway.agent;

import dev.tidewatch.control.gateway.enrollment.AgentIdentity;
import dev.tidewatch.ingest.v1.Heartbeat;
import dev.tidewatch.ingest.v1.Hello;

/** Hears how agents are. Must not block. */
public interface AgentReports {
  /** Nobody listens. */
  AgentReports NONE =
      new AgentReports() {
        @Override
        public void arrived(AgentIdentity agent, Hello hello) {}

        @Override
        public void reported(AgentIdentity agent, Heartbeat heartbeat) {}

        @Override
        public void left(AgentIdentity agent) {}
      };

  /** It has said hello. */
  void arrived(AgentIdentity agent, Hello hello);

  void reported(AgentIdentity agent, Heartbeat heartbeat);

  /** Its stream is gone and there is no newer one. */
  void left(AgentIdentity agent);
}
