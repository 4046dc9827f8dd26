package dev.tidewatch.control.agent;

import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.change.Changes;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.Answer;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.request.PageKey;
import dev.tidewatch.control.v1.*;
import dev.tidewatch.ingest.v1.Command;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code AgentService}. Methods run on blocking threads. */
public final class AgentEndpoint extends AgentServiceGrpc.AgentServiceImplBase {
  private static final int LARGEST_PAGE = 1_000;
  private static final int DEFAULT_PAGE = 200;
  private static final int LONGEST_REASON = 1_000;
  private static final int LONGEST_VALIDITY = 86_400;
  private static final int LARGEST_CONFIGURATION = 1 << 20;
  private static final Duration LONGEST_READING = Duration.ofMinutes(10);
  private static final long LONGEST_USAGE = Duration.ofDays(31).toMillis();

  private final ControlDatabase database;
  private final Changes changes;
  private final AgentOrders orders;
  private final CollectedEvidence evidence;
  private final Clock clock;

  public AgentEndpoint(
      ControlDatabase database,
      Changes changes,
      AgentOrders orders,
      CollectedEvidence evidence,
      Clock clock) {
    this.database = database;
    this.changes = changes;
    this.orders = orders;
    this.evidence = evidence;
    this.clock = clock;
  }

  @Override
  public void listAgents(ListAgentsRequest request, StreamObserver<ListAgentsResponse> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks()
              .tenant(request.getTenantId())
              .count("page_size", request.getPageSize(), LARGEST_PAGE)
              .done();
          int size = size(request.getPageSize());
          String after = PageKey.text(request.getPageToken());
          List<Agent> found =
              database.inTenant(request.getTenantId(), tx -> AgentTable.page(tx, after, size + 1));
          ListAgentsResponse.Builder answer =
              ListAgentsResponse.newBuilder()
                  .addAllAgents(found.subList(0, Math.min(size, found.size())));
          if (found.size() > size) {
            answer.setNextPageToken(PageKey.of(found.get(size - 1).getAgentId()));
          }
          return answer.build();
        });
  }

  private static int size(int asked) {
    return asked == 0 ? DEFAULT_PAGE : asked;
  }

  @Override
  public void getAgent(GetAgentRequest request, StreamObserver<Agent> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks()
              .tenant(request.getTenantId())
              .uuid("agent_id", request.getAgentId())
              .done();
          return database.inTenant(
              request.getTenantId(),
              tx -> AgentTable.get(tx, UUID.fromString(request.getAgentId())));
        });
  }

  @Override
  public void revokeAgent(RevokeAgentRequest request, StreamObserver<Agent> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks()
              .tenant(request.getTenantId())
              .uuid("agent_id", request.getAgentId())
              .text("reason", request.getReason(), LONGEST_REASON)
              .done();
          UUID id = UUID.fromString(request.getAgentId());
          return changes.run(
              AgentServiceGrpc.getRevokeAgentMethod(),
              request.getTenantId(),
              request,
              change -> AgentTable.revoke(change, id, request));
        });
  }

  @Override
  public void sendCommand(SendCommandRequest request, StreamObserver<AgentCommand> observer) {
    Answer.with(
        observer,
        () -> {
          Command command = request.getCommand();
          new FieldChecks()
              .tenant(request.getTenantId())
              .uuid("agent_id", request.getAgentId())
              .count("valid_seconds", request.getValidSeconds(), LONGEST_VALIDITY)
              .text("command.reason", command.getReason(), LONGEST_REASON)
              .require(
                  command.getActionCase() != Command.ActionCase.ACTION_NOT_SET,
                  "command",
                  "must name an action")
              .require(
                  command.getSerializedSize() <= LARGEST_CONFIGURATION + LONGEST_REASON,
                  "command",
                  "must have at most " + LARGEST_CONFIGURATION + " bytes")
              .done();
          return changes.run(
              AgentServiceGrpc.getSendCommandMethod(),
              request.getTenantId(),
              request,
              change -> CommandTable.issue(change, request, orders));
        });
  }

  @Override
  public void getCommand(GetCommandRequest request, StreamObserver<AgentCommand> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks()
              .tenant(request.getTenantId())
              .uuid("command_id", request.getCommandId())
              .done();
          return database.inTenant(
              request.getTenantId(),
              tx -> CommandTable.get(tx, UUID.fromString(request.getCommandId())));
        });
  }

  @Override
  public void listCommands(
      ListCommandsRequest request, StreamObserver<ListCommandsResponse> observer) {
    Answer.with(observer, () -> list(request));
  }

  @Override
  public void readEvidence(ReadEvidenceRequest request, StreamObserver<EvidencePart> observer) {
    ServiceRequestContext.current().setRequestTimeout(TimeoutMode.SET_FROM_NOW, LONGEST_READING);
    try {
      EvidenceParts.send(
          evidence.open(request).path(), (ServerCallStreamObserver<EvidencePart>) observer);
    } catch (RuntimeException failure) {
      observer.onError(Failures.statusOf(failure));
    }
  }

  private ListCommandsResponse list(ListCommandsRequest request) {
    FieldChecks checks =
        new FieldChecks()
            .tenant(request.getTenantId())
            .count("page_size", request.getPageSize(), LARGEST_PAGE);
    if (!request.getAgentId().isEmpty()) {
      checks.uuid("agent_id", request.getAgentId());
    }
    String token = PageKey.text(request.getPageToken());
    if (!token.isEmpty()) {
      checks.uuid("page_token", token);
    }
    checks.done();
    @Nullable UUID agent =
        request.getAgentId().isEmpty() ? null : UUID.fromString(request.getAgentId());
    @Nullable UUID before = token.isEmpty() ? null : UUID.fromString(token);
    int size = size(request.getPageSize());
    List<AgentCommand> found =
        database.inTenant(
            request.getTenantId(), tx -> CommandTable.page(tx, agent, before, size + 1));
    ListCommandsResponse.Builder answer =
        ListCommandsResponse.newBuilder()
            .addAllCommands(found.subList(0, Math.min(size, found.size())));
    if (found.size() > size) {
      answer.setNextPageToken(PageKey.of(found.get(size - 1).getCommandId()));
    }
    return answer.build();
  }

  @Override
  public void putAgentConfiguration(
      PutAgentConfigurationRequest request, StreamObserver<AgentConfiguration> observer) {
    Answer.with(
        observer,
        () -> {
          FieldChecks checks =
              new FieldChecks()
                  .tenant(request.getTenantId())
                  .text("content", request.getContent(), LARGEST_CONFIGURATION);
          if (!request.getAgentId().isEmpty()) {
            checks.uuid("agent_id", request.getAgentId());
          }
          checks.done();
          return changes.run(
              AgentServiceGrpc.getPutAgentConfigurationMethod(),
              request.getTenantId(),
              request,
              change -> ConfigurationTable.put(change, request, orders));
        });
  }

  @Override
  public void listAgentConfigurations(
      ListAgentConfigurationsRequest request,
      StreamObserver<ListAgentConfigurationsResponse> observer) {
    Answer.with(
        observer,
        () -> {
          new FieldChecks().tenant(request.getTenantId()).done();
          return ListAgentConfigurationsResponse.newBuilder()
              .addAllConfigurations(
                  database.inTenant(request.getTenantId(), ConfigurationTable::list))
              .build();
        });
  }

  @Override
  public void getIngestUsage(GetIngestUsageRequest request, StreamObserver<IngestUsage> observer) {
    Answer.with(
        observer,
        () -> {
          long to = request.getToMs() == 0 ? clock.millis() + 1 : request.getToMs();
          long from =
              request.getFromMs() == 0 ? to - Duration.ofDays(1).toMillis() : request.getFromMs();
          new FieldChecks()
              .tenant(request.getTenantId())
              .timeRange("", request.getFromMs(), request.getToMs())
              .require(
                  to - from <= LONGEST_USAGE, "from_ms", "must be at most 31 days before to_ms")
              .done();
          return IngestUsage.newBuilder()
              .addAllHours(database.inTenant(request.getTenantId(), tx -> usage(tx, from, to)))
              .build();
        });
  }

  private static List<IngestUsage.Hour> usage(TenantTransaction tx, long from, long to) {
    return tx.query(
            """
            SELECT hour, way, events, bytes, over_quota, over_quota_events, refused_events FROM ingest_usage
            WHERE tenant_id = :tenant AND hour >= :from AND hour < :to ORDER BY hour, way
            """)
        .bind("from", new Timestamp(from))
        .bind("to", new Timestamp(to))
        .map(
            (row, context) ->
                IngestUsage.Hour.newBuilder()
                    .setHourMs(row.getTimestamp(1).getTime())
                    .setWay(row.getString(2))
                    .setEvents(row.getLong(3))
                    .setBytes(row.getLong(4))
                    .setOverQuota(row.getLong(5))
                    .setOverQuotaEvents(row.getLong(6))
                    .setRefusedEvents(row.getLong(7))
                    .build())
        .list();
  }
}
