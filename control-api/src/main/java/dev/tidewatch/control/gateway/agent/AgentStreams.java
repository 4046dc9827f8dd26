package dev.tidewatch.control.gateway.agent;

import dev.tidewatch.control.gateway.command.AgentLine;
import dev.tidewatch.control.gateway.ingest.GatewayLimits;
import dev.tidewatch.ingest.v1.Heartbeat;
import dev.tidewatch.ingest.v1.Hello;
import dev.tidewatch.ingest.v1.SignedCommand;
import io.grpc.Status;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All open streams, one per agent, and how far each agent's spool has come. */
public final class AgentStreams implements AgentLine {
  /** One that streams, one that takes its place, and what a network has forgotten. */
  private static final int MOST_OF_AGENT = 8;

  private final Set<AgentStream> open = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<String, Integer> byAddress = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Integer> ofAgent = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, AgentStream> byAgent = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, SpoolProgress> spools = new ConcurrentHashMap<>();

  /** False when the agent or its address has too many streams open already. */
  boolean opened(AgentStream stream, GatewayLimits limits) {
    boolean room =
        count(byAddress, stream.address(), 1) <= limits.maxStreamsPerAddress()
            & count(ofAgent, stream.identity().agentId(), 1) <= MOST_OF_AGENT;
    open.add(stream);
    if (!room) {
      var unused = left(stream);
    }
    return room;
  }

  /** How many there are now; what is zero is forgotten. */
  private static int count(ConcurrentHashMap<String, Integer> counts, String key, int change) {
    Integer now =
        counts.compute(
            key,
            (k, before) -> {
              int after = (before == null ? 0 : before) + change;
              return after == 0 ? null : after;
            });
    return now == null ? 0 : now;
  }

  /** An agent has said hello; an older stream of it ends. */
  SpoolProgress arrived(AgentStream stream, Hello hello, StreamServices services) {
    String agentId = stream.identity().agentId();
    AgentStream older = byAgent.put(agentId, stream);
    if (older != null) {
      older.end(Status.ABORTED.withDescription("the agent has opened another stream"));
    }
    SpoolProgress spool =
        spools.compute(
            agentId,
            (id, known) ->
                known != null && known.spoolId().equals(hello.getSpoolId())
                    ? known
                    : new SpoolProgress(
                        agentId,
                        hello.getSpoolId(),
                        hello.getAcknowledgedSequence(),
                        services.ingest()::line,
                        services.workers()));
    spool.advanceTo(hello.getAcknowledgedSequence());
    return spool;
  }

  /** True when the agent has none any more. */
  boolean left(AgentStream stream) {
    String agentId = stream.identity().agentId();
    if (open.remove(stream)) {
      var unused = count(byAddress, stream.address(), -1) + count(ofAgent, agentId, -1);
    }
    return byAgent.remove(agentId, stream);
  }

  /** Tells whoever streams this spool now. */
  void advanced(SpoolProgress spool, SpoolProgress.Advance advance) {
    for (AgentStream stream : ofSpool(spool)) {
      stream.acknowledge(advance);
    }
  }

  void endAll(SpoolProgress spool, Status status) {
    for (AgentStream stream : ofSpool(spool)) {
      stream.end(status);
    }
  }

  private List<AgentStream> ofSpool(SpoolProgress spool) {
    AgentStream stream = byAgent.get(spool.agentId());
    return stream != null && stream.progress() == spool ? List.of(stream) : List.of();
  }

  /** Ends streams that are overdue: silent, unread, expired or revoked. */
  public void sweep(long now, Instant time) {
    for (AgentStream stream : open) {
      @Nullable Status overdue = stream.overdue(now, time);
      if (overdue != null) {
        stream.end(overdue);
      }
    }
  }

  /** Ends an agent's stream now, if there is one. */
  public void cut(String agentId, String reason) {
    for (AgentStream stream : open) {
      if (stream.identity().agentId().equals(agentId)) {
        stream.end(Status.PERMISSION_DENIED.withDescription(reason));
      }
    }
  }

  @Override
  public boolean send(String agentId, SignedCommand command) {
    AgentStream stream = byAgent.get(agentId);
    return stream != null && stream.send(command);
  }

  /** Configurations have changed: those who need one get it. */
  public void configureAll() {
    byAgent.values().forEach(AgentStream::configure);
  }

  /** What a connected agent reported last; empty for one that is away or has not reported. */
  public Optional<Heartbeat> heartbeat(String agentId) {
    return Optional.ofNullable(byAgent.get(agentId)).map(AgentStream::lastHeartbeat);
  }

  public boolean isConnected(String agentId) {
    return byAgent.containsKey(agentId);
  }

  public int count() {
    return open.size();
  }

  /** The gateway stops. */
  public void endAll() {
    for (AgentStream stream : open) {
      stream.end(Status.UNAVAILABLE.withDescription("the gateway stops"));
    }
  }
}
