package dev.tidewatch.benchmarks.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertGrouping;
import dev.tidewatch.control.v1.AlertServiceGrpc.AlertServiceFutureStub;
import dev.tidewatch.control.v1.GetAlertRequest;
import dev.tidewatch.control.v1.GroupAlertsRequest;
import dev.tidewatch.control.v1.ListAlertsRequest;
import dev.tidewatch.control.v1.ListRulesRequest;
import dev.tidewatch.control.v1.RuleServiceGrpc.RuleServiceFutureStub;
import dev.tidewatch.control.v1.SetDispositionRequest;
import dev.tidewatch.control.v1.SummarizeAlertsRequest;
import dev.tidewatch.control.v1.TriageState;
import dev.tidewatch.control.v1.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Mixed requests at a fixed rate, whatever the answers take (open loop): a request's latency counts
 * from when it was due, so that a server that stalls does not slow its own measurement down. Every
 * second request is JSON over HTTP/1.1, the others are gRPC.
 */
final class MixedLoad {
  /** What is asked, and how often of a hundred. */
  enum Kind {
    LIST(25),
    GET(25),
    GROUP(10),
    STATS(10),
    RULES(20),
    DISPOSITION(10);

    final int share;

    Kind(int share) {
      this.share = share;
    }
  }

  private static final String TENANT = "/v1/tenants/" + AlertFill.TENANT;

  private final AlertServiceFutureStub alerts;
  private final RuleServiceFutureStub rules;
  private final WebClient json;
  private final List<UUID> ids;
  private final Instant end;
  private final Random random = new Random(11);
  private long shiftMillis;
  private final Map<Kind, Latencies> byKind = new EnumMap<>(Kind.class);
  private final Latencies grpcLatencies = new Latencies();
  private final Latencies jsonLatencies = new Latencies();

  /**
   * @param ids of the tenant's alerts of the last days
   */
  MixedLoad(int port, String key, List<UUID> ids, Instant end) {
    String authorization = "Bearer " + key;
    String grpc = "gproto+h2c://127.0.0.1:" + port;
    this.alerts =
        GrpcClients.builder(grpc)
            .addHeader("authorization", authorization)
            .responseTimeout(Duration.ofSeconds(30))
            .build(AlertServiceFutureStub.class);
    this.rules =
        GrpcClients.builder(grpc)
            .addHeader("authorization", authorization)
            .responseTimeout(Duration.ofSeconds(30))
            .build(RuleServiceFutureStub.class);
    this.json =
        WebClient.builder("h1c://127.0.0.1:" + port)
            .addHeader("authorization", authorization)
            .responseTimeout(Duration.ofSeconds(30))
            .build();
    this.ids = ids;
    this.end = end;
    for (Kind kind : Kind.values()) {
      byKind.put(kind, new Latencies());
    }
  }

  ObjectNode run(int rate, Duration duration) throws InterruptedException {
    int total = (int) (rate * duration.toSeconds());
    Semaphore answered = new Semaphore(0);
    long start = System.nanoTime();
    for (int i = 0; i < total; i++) {
      long due = start + i * 1_000_000_000L / rate;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      send(i % 2 == 0, due, answered);
    }
    boolean all = answered.tryAcquire(total, 60, TimeUnit.SECONDS);
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("rate_per_second", rate).put("seconds", duration.toSeconds());
    report.put("all_answered", all);
    Latencies together = new Latencies();
    together.addAll(grpcLatencies);
    together.addAll(jsonLatencies);
    report.set("all", together.report());
    report.set("grpc", grpcLatencies.report());
    report.set("json", jsonLatencies.report());
    byKind.forEach(
        (kind, latencies) ->
            report.set(kind.name().toLowerCase(java.util.Locale.ROOT), latencies.report()));
    return report;
  }

  /**
   * One request that nobody has made before: of lists, groups and summaries the day ends a
   * millisecond earlier each time, so that no answer is shared.
   */
  void one(Kind kind, boolean asGrpc) {
    shiftMillis++;
    var unused = (asGrpc ? grpc(kind) : json(kind)).join();
  }

  private void send(boolean asGrpc, long due, Semaphore answered) {
    Kind kind = pick();
    CompletableFuture<?> answer = asGrpc ? grpc(kind) : json(kind);
    Latencies way = asGrpc ? grpcLatencies : jsonLatencies;
    var unused =
        answer.whenComplete(
            (response, failure) -> {
              long took = System.nanoTime() - due;
              for (Latencies latencies : List.of(way, byKind.get(kind))) {
                latencies.add(took);
                if (failure != null) {
                  latencies.addError();
                }
              }
              answered.release();
            });
  }

  private Kind pick() {
    int at = random.nextInt(100);
    for (Kind kind : Kind.values()) {
      at -= kind.share;
      if (at < 0) {
        return kind;
      }
    }
    return Kind.LIST;
  }

  private CompletableFuture<?> grpc(Kind kind) {
    return switch (kind) {
      case LIST ->
          future(
              alerts.listAlerts(
                  ListAlertsRequest.newBuilder()
                      .setTenantId(AlertFill.TENANT)
                      .setFilter(lastDay())
                      .setPageSize(50)
                      .build()));
      case GET ->
          future(
              alerts.getAlert(
                  GetAlertRequest.newBuilder()
                      .setTenantId(AlertFill.TENANT)
                      .setAlertId(id())
                      .build()));
      case GROUP ->
          future(
              alerts.groupAlerts(
                  GroupAlertsRequest.newBuilder()
                      .setTenantId(AlertFill.TENANT)
                      .setFilter(lastDay())
                      .setBy(AlertGrouping.ALERT_GROUPING_RULE)
                      .build()));
      case STATS ->
          future(
              alerts.summarizeAlerts(
                  SummarizeAlertsRequest.newBuilder()
                      .setTenantId(AlertFill.TENANT)
                      .setFilter(lastDay())
                      .build()));
      case RULES ->
          future(
              rules.listRules(
                  ListRulesRequest.newBuilder()
                      .setTenantId(AlertFill.TENANT)
                      .setPageSize(50)
                      .build()));
      case DISPOSITION ->
          future(
              alerts.setDisposition(
                  SetDispositionRequest.newBuilder()
                      .setTenantId(AlertFill.TENANT)
                      .addAlertIds(id())
                      .setVerdict(Verdict.VERDICT_BENIGN)
                      .setReason("approved change")
                      .build()));
    };
  }

  private CompletableFuture<?> json(Kind kind) {
    AlertFilter day = lastDay();
    String filter =
        "filter.from_ms=%d&filter.to_ms=%d&filter.states=TRIAGE_STATE_NEW"
            .formatted(day.getFromMs(), day.getToMs());
    return switch (kind) {
      case LIST -> get(TENANT + "/alerts?page_size=50&" + filter);
      case GET -> get(TENANT + "/alerts/" + id());
      case GROUP -> get(TENANT + "/alerts:groups?by=ALERT_GROUPING_RULE&" + filter);
      case STATS -> get(TENANT + "/alerts:summary?" + filter);
      case RULES -> get(TENANT + "/rules?page_size=50");
      case DISPOSITION ->
          http(
              RequestHeaders.of(
                  HttpMethod.POST,
                  TENANT + "/alerts:disposition",
                  "content-type",
                  "application/json"),
              "{\"alertIds\": [\"" + id() + "\"], \"verdict\": \"VERDICT_BENIGN\"}");
    };
  }

  private CompletableFuture<?> get(String path) {
    return http(RequestHeaders.of(HttpMethod.GET, path), "");
  }

  private CompletableFuture<?> http(RequestHeaders headers, String body) {
    return json.execute(headers, HttpData.ofUtf8(body))
        .aggregate()
        .thenAccept(
            response -> {
              if (response.status().code() != 200) {
                throw new IllegalStateException(response.contentUtf8());
              }
            });
  }

  private AlertFilter lastDay() {
    return AlertFilter.newBuilder()
        .setFromMs(end.minus(Duration.ofDays(1)).toEpochMilli() - shiftMillis)
        .setToMs(end.toEpochMilli() - shiftMillis)
        .addStates(TriageState.TRIAGE_STATE_NEW)
        .build();
  }

  private String id() {
    return ids.get(random.nextInt(ids.size())).toString();
  }

  private static <T> CompletableFuture<T> future(ListenableFuture<T> call) {
    CompletableFuture<T> future = new CompletableFuture<>();
    call.addListener(
        () -> {
          try {
            future.complete(call.get());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            future.completeExceptionally(e);
          } catch (java.util.concurrent.ExecutionException e) {
            future.completeExceptionally(e);
          }
        },
        MoreExecutors.directExecutor());
    return future;
  }
}
