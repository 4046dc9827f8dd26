package dev.tidewatch.control.gateway.registry;

import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.gateway.command.AgentLine;
import dev.tidewatch.control.gateway.command.CommandLedger;
import dev.tidewatch.control.gateway.enrollment.AgentIdentity;
import dev.tidewatch.control.gateway.enrollment.EnrolledAgent;
import dev.tidewatch.control.gateway.registry.ControlFeed.Open;
import dev.tidewatch.ingest.v1.CommandResult;
import dev.tidewatch.ingest.v1.CommandStatus;
import dev.tidewatch.ingest.v1.SignedCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commands that the control API has signed, on their way through this gateway. */
final class RegisteredCommands implements CommandLedger {
  private static final Logger LOG = LoggerFactory.getLogger(RegisteredCommands.class);
  private static final int LARGEST_RESULT = 4 << 20;

  private final ControlDatabase database;
  private final ControlFeed feed;

  /** What this gateway has put on a stream; what that stream lost comes with the next one. */
  private final Set<String> sent = ConcurrentHashMap.newKeySet();

  RegisteredCommands(ControlDatabase database, ControlFeed feed) {
    this.database = database;
    this.feed = feed;
  }

  @Override
  public List<SignedCommand> openFor(String agentId) {
    List<Open> open = feed.commands().getOrDefault(agentId, List.of());
    open.forEach(one -> sent.add(one.commandId()));
    return open.stream().map(Open::signed).toList();
  }

  /** After a look at the database: what is new goes to agents that are connected here. */
  void deliver(AgentLine line) {
    Map<String, List<Open>> commands = feed.commands();
    Map<String, List<UUID>> delivered = new HashMap<>();
    Set<String> open = new java.util.HashSet<>();
    commands.forEach(
        (agentId, all) ->
            all.forEach(
                one -> {
                  open.add(one.commandId());
                  if (!sent.contains(one.commandId()) && line.send(agentId, one.signed())) {
                    sent.add(one.commandId());
                    delivered
                        .computeIfAbsent(one.tenant(), tenant -> new ArrayList<>())
                        .add(UUID.fromString(one.commandId()));
                  }
                }));
    sent.retainAll(open);
    delivered.forEach(this::noteSent);
  }

  private void noteSent(String tenant, List<UUID> ids) {
    var unused =
        database.inTenant(
            tenant,
            tx ->
                tx.update(
                        """
                        UPDATE agent_commands SET sent_at = coalesce(sent_at, now())
                        WHERE tenant_id = :tenant AND command_id = ANY(:ids)
                        """)
                    .bindArray("ids", UUID.class, ids)
                    .execute());
  }

  @Override
  public void report(AgentIdentity agent, CommandResult result) {
    Optional<UUID> id = id(result.getCommandId());
    if (id.isEmpty() || result.getSerializedSize() > LARGEST_RESULT) {
      LOG.warn("a result that cannot be one: agent={}", agent.agentId());
      return;
    }
    boolean last = result.getStatus() != CommandStatus.COMMAND_STATUS_ACCEPTED;
    int changed =
        database.inTenant(agent.tenant(), tx -> report(tx, agent, id.get(), result, last));
    LOG.info(
        "command reported: command={} agent={} status={} open={}",
        id.get(),
        agent.agentId(),
        result.getStatus(),
        changed > 0);
  }

  /** The first final result stays. */
  private static int report(
      TenantTransaction tx, AgentIdentity agent, UUID id, CommandResult result, boolean last) {
    return tx.update(
            """
            UPDATE agent_commands SET result = :result, sent_at = coalesce(sent_at, now()),
              answered_at = CASE WHEN :last THEN now() END
            WHERE tenant_id = :tenant AND command_id = :id AND agent_id = :agent AND answered_at IS NULL
            """)
        .bind("result", result.toByteArray())
        .bind("last", last)
        .bind("id", id)
        .bind("agent", UUID.fromString(agent.agentId()))
        .execute();
  }

  @Override
  public Optional<String> agentOf(String commandId) {
    Optional<UUID> id = id(commandId);
    return id.flatMap(
            one ->
                database.inTenant(
                    ControlDatabase.SYSTEM,
                    tx ->
                        tx.handle()
                            .createQuery(
                                """
                            SELECT agent_id::text FROM agent_commands
                            WHERE command_id = :id AND expires_at > now() - interval '1 day'
                            """)
                            .bind("id", one)
                            .mapTo(String.class)
                            .findOne()))
        .filter(agentId -> isServed(feed.agents().get(agentId)));
  }

  private static boolean isServed(@org.jspecify.annotations.Nullable EnrolledAgent agent) {
    return agent != null && agent.revoked() == null;
  }

  private static Optional<UUID> id(String text) {
    try {
      return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {}
}
