package dev.tidewatch.control.gateway.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.AbstractHttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.gateway.ingest.GatewayLimits;
import dev.tidewatch.control.gateway.ingest.IngestMetrics.Way;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.EventReader;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.events.PayloadLimits;
import dev.tidewatch.events.v1.SourceHint;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code POST /v1/telemetry}: one JSON object a line. Query parameters {@code product}, {@code
 * category}, {@code service} say what the source is where that cannot be seen from the events,
 * {@code host} which host reports them.
 *
 * <p>Answers 200 with {@code {"accepted": n, "rejected": [{"line": i, "reason": …}]}} when Kafka
 * has what was accepted, 400 when no line could be read, 401, 413, 415, 429 and 503 with {@code
 * Retry-After}.
 */
public final class NdjsonEndpoint extends AbstractHttpService {
  private static final int MOST_REASONS = 100;
  private static final int LONGEST_PARAMETER = 255;

  private final ApiKeys keys;
  private final KeyedIngest ingest;
  private final Bodies bodies;
  private final GatewayLimits limits;
  private final EventReader reader;
  private final Clock clock;

  public NdjsonEndpoint(
      ApiKeys keys, KeyedIngest ingest, Bodies bodies, GatewayLimits limits, Clock clock) {
    this.keys = keys;
    this.ingest = ingest;
    this.bodies = bodies;
    this.limits = limits;
    this.reader =
        new EventReader(
            new PayloadLimits(
                limits.maxPayloadBytes(),
                limits.maxJsonDepth(),
                PayloadLimits.DEFAULT.maxTokens()));
    this.clock = clock;
  }

  @Override
  protected HttpResponse doPost(ServiceRequestContext ctx, HttpRequest request) {
    return keys.withTenant(
        ctx,
        request.headers(),
        tenant ->
            HttpResponse.of(
                request
                    .aggregate()
                    .thenApplyAsync(
                        whole -> answer(ctx, tenant, whole), ctx.blockingTaskExecutor())));
  }

  private HttpResponse answer(
      ServiceRequestContext ctx, String tenant, AggregatedHttpRequest request) {
    Lines lines;
    try {
      lines = read(tenant, ctx.queryParams(), bodies.read(request));
    } catch (Bodies.UnreadableBodyException e) {
      ingest.refused(tenant, Way.HTTP, "BODY", 1);
      return e.answer();
    } catch (IllegalArgumentException e) {
      return Answers.error(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
    if (!lines.rejected.isEmpty()) {
      ingest.refused(tenant, Way.HTTP, "MALFORMED", lines.rejectedCount);
    }
    if (lines.events.isEmpty()) {
      return Answers.json(
          lines.rejected.isEmpty() ? HttpStatus.OK : HttpStatus.BAD_REQUEST, lines.report());
    }
    return HttpResponse.of(
        ingest.take(tenant, Way.HTTP, lines.events).thenApply(outcome -> answer(outcome, lines)));
  }

  private static HttpResponse answer(KeyedIngest.Outcome outcome, Lines lines) {
    if (outcome instanceof KeyedIngest.Outcome.OverQuota over) {
      return Answers.retry(
          HttpStatus.TOO_MANY_REQUESTS, over.retryAfter(), "the tenant is over its quota");
    }
    if (outcome instanceof KeyedIngest.Outcome.Busy busy) {
      return Answers.retry(HttpStatus.SERVICE_UNAVAILABLE, busy.retryAfter(), busy.reason());
    }
    return Answers.json(HttpStatus.OK, lines.report());
  }

  private static final class Lines {
    private final List<TelemetryEvent> events = new ArrayList<>();
    private final ArrayNode rejected = JsonNodeFactory.instance.arrayNode();
    private int rejectedCount;

    void reject(int line, String reason) {
      rejectedCount++;
      if (rejected.size() < MOST_REASONS) {
        rejected.addObject().put("line", line).put("reason", reason);
      }
    }

    ObjectNode report() {
      ObjectNode report = JsonNodeFactory.instance.objectNode();
      report.put("accepted", events.size()).put("rejected_count", rejectedCount);
      report.set("rejected", rejected);
      return report;
    }
  }

  private Lines read(String tenant, QueryParams parameters, byte[] body) {
    TelemetryEvent.Builder template =
        TelemetryEvent.newBuilder()
            .setTenantId(tenant)
            .setOrigin("http")
            .setSource(
                SourceHint.newBuilder()
                    .setProduct(parameter(parameters, "product"))
                    .setCategory(parameter(parameters, "category"))
                    .setService(parameter(parameters, "service")));
    String host = parameter(parameters, "host");
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    Lines lines = new Lines();
    int number = 0;
    for (int from = 0; from < body.length; number++) {
      int to = from;
      while (to < body.length && body[to] != '\n') {
        to++;
      }
      byte[] line = Arrays.copyOfRange(body, from, to);
      from = to + 1;
      if (isBlank(line)) {
        continue;
      }
      if (lines.events.size() == limits.maxBlockEvents()) {
        throw new IllegalArgumentException(
            "more than " + limits.maxBlockEvents() + " events in one request");
      }
      add(lines, number + 1, line, template, host, now);
    }
    return lines;
  }

  private void add(
      Lines lines,
      int number,
      byte[] line,
      TelemetryEvent.Builder template,
      String host,
      long now) {
    try {
      EventDocument document = reader.read(line);
      lines.events.add(
          template
              .setEventId(EventIds.bytes(EventIds.next()))
              .setObservedTimeUs(now)
              .setIngestTimeUs(now)
              .setHost(host.isEmpty() ? document.host() : host)
              .setPayload(ByteString.copyFrom(line))
              .build());
    } catch (MalformedEventException e) {
      lines.reject(number, String.valueOf(e.getMessage()));
    }
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  private static String parameter(QueryParams parameters, String name) {
    String value = parameters.get(name, "");
    if (value.length() > LONGEST_PARAMETER) {
      throw new IllegalArgumentException(name + ": at most " + LONGEST_PARAMETER + " characters");
    }
    return value;
  }
}
