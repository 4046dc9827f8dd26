package dev.tidewatch.control.agent;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidewatch.control.access.Secrets;
import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.v1.Agent;
import dev.tidewatch.control.v1.AgentCommand;
import dev.tidewatch.control.v1.SendCommandRequest;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.CommandResult;
import dev.tidewatch.ingest.v1.SignedCommand;
import io.grpc.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Commands to agents and what came of them. */
final class CommandTable {
  private static final int DEFAULT_SECONDS = 300;
  private static final int NONCE_BYTES = 16;
  private static final int MOST_OPEN_OF_AGENT = 100;

  private static final String SELECT =
      """
      SELECT command_id, agent_id, signed, issued_at, expires_at, sent_at, answered_at, result
      FROM agent_commands WHERE tenant_id = :tenant
      """;

  private CommandTable() {}

  static AgentCommand issue(Change change, SendCommandRequest request, AgentOrders orders) {
    TenantTransaction tx = change.transaction();
    UUID agentId = UUID.fromString(request.getAgentId());
    UUID id = EventIds.next();
    Command wish = request.getCommand();
    change.about("command", id);
    change
        .detail()
        .put("agent", agentId.toString())
        .put("action", wish.getActionCase().name())
        .put("dryRun", wish.getDryRun())
        .put("why", wish.getReason());
    requireOpenTo(tx, agentId);
    int seconds = request.getValidSeconds() == 0 ? DEFAULT_SECONDS : request.getValidSeconds();
    Instant expires = change.at().plus(Duration.ofSeconds(seconds));
    Command command =
        wish.toBuilder()
            .setCommandId(id.toString())
            .setTenantId(tx.tenant())
            .setAgentId(agentId.toString())
            .setIssuedTimeUs(micros(change.at()))
            .setExpiresTimeUs(micros(expires))
            .setNonce(ByteString.copyFrom(Base64.getUrlDecoder().decode(Secrets.text(NONCE_BYTES))))
            .setIssuedBy(change.principal().actor())
            .build();
    change.detail().put("sha256", Secrets.base64(Secrets.sha256(command.toByteArray())));
    tx.update(
            """
            INSERT INTO agent_commands (tenant_id, command_id, agent_id, signed, issued_by, issued_at, expires_at)
            VALUES (:tenant, :id, :agent, :signed, :by, :now, :expires)
            """)
        .bind("id", id)
        .bind("agent", agentId)
        .bind("signed", orders.sign(command).toByteArray())
        .bind("by", change.principal().actor())
        .bind("now", change.at())
        .bind("expires", expires)
        .execute();
    return get(tx, id);
  }

  private static void requireOpenTo(TenantTransaction tx, UUID agentId) {
    Agent agent = AgentTable.get(tx, agentId);
    if (agent.getRevokedMs() != 0) {
      throw Status.FAILED_PRECONDITION.withDescription("the agent is revoked").asRuntimeException();
    }
    long open =
        tx.query(
                """
                SELECT count(*) FROM agent_commands
                WHERE tenant_id = :tenant AND agent_id = :agent AND answered_at IS NULL AND expires_at > now()
                """)
            .bind("agent", agentId)
            .mapTo(Long.class)
            .one();
    if (open >= MOST_OPEN_OF_AGENT) {
      throw Failures.exhausted("too many commands wait for this agent");
    }
  }

  static AgentCommand get(TenantTransaction tx, UUID id) {
    return tx.query(SELECT + " AND command_id = :id")
        .bind("id", id)
        .map((row, context) -> command(tx.tenant(), row))
        .findOne()
        .orElseThrow(() -> Failures.notFound("no such command"));
  }

  /** Newest first; ids are in the order of their time. */
  static List<AgentCommand> page(
      TenantTransaction tx, @Nullable UUID agent, @Nullable UUID before, int limit) {
    return tx.query(
            SELECT
                + """
                   AND (CAST(:agent AS uuid) IS NULL OR agent_id = CAST(:agent AS uuid))
                   AND (CAST(:before AS uuid) IS NULL OR command_id < CAST(:before AS uuid))
                  ORDER BY command_id DESC LIMIT :limit
                  """)
        .bind("agent", agent)
        .bind("before", before)
        .bind("limit", limit)
        .map((row, context) -> withoutOutput(command(tx.tenant(), row)))
        .list();
  }

  private static AgentCommand withoutOutput(AgentCommand command) {
    return command.getResult().getOutput().isEmpty()
        ? command
        : command.toBuilder().setResult(command.getResult().toBuilder().clearOutput()).build();
  }

  private static AgentCommand command(String tenant, ResultSet row) throws SQLException {
    try {
      SignedCommand signed = SignedCommand.parseFrom(row.getBytes(3));
      AgentCommand.Builder command =
          AgentCommand.newBuilder()
              .setTenantId(tenant)
              .setCommandId(row.getString(1))
              .setAgentId(row.getString(2))
              .setCommand(Command.parseFrom(signed.getCommand()))
              .setKeyId(signed.getKeyId())
              .setIssuedMs(AgentTable.millis(row.getTimestamp(4)))
              .setExpiresMs(AgentTable.millis(row.getTimestamp(5)))
              .setSentMs(AgentTable.millis(row.getTimestamp(6)))
              .setAnsweredMs(AgentTable.millis(row.getTimestamp(7)));
      byte @Nullable [] result = row.getBytes(8);
      if (result != null) {
        command.setResult(CommandResult.parseFrom(result));
      }
      return command.build();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("what was written here can be parsed", e);
    }
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
