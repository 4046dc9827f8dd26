package dev.tidewatch.control.gateway.otlp;

import dev.tidewatch.control.gateway.http.KeyedIngest;
import dev.tidewatch.control.gateway.ingest.GatewayLimits;
import dev.tidewatch.control.gateway.ingest.IngestMetrics.Way;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;

/** An export of logs from request to outcome, whatever brought it. */
public final class LogExports {
  private final LogEvents events;
  private final KeyedIngest ingest;

  public LogExports(KeyedIngest ingest, GatewayLimits limits, Clock clock) {
    this.events = new LogEvents(limits, clock);
    this.ingest = ingest;
  }

  /**
   * @param response for a success, whole or partial
   */
  record Exported(KeyedIngest.Outcome outcome, ExportLogsServiceResponse response) {}

  CompletableFuture<Exported> export(String tenant, ExportLogsServiceRequest request) {
    LogEvents.Converted converted = events.convert(tenant, request);
    ExportLogsServiceResponse.Builder response = ExportLogsServiceResponse.newBuilder();
    if (converted.rejected() > 0) {
      ingest.refused(tenant, Way.OTLP, "MALFORMED", converted.rejected());
      response.setPartialSuccess(
          ExportLogsPartialSuccess.newBuilder()
              .setRejectedLogRecords(converted.rejected())
              .setErrorMessage(converted.reason()));
    }
    return ingest
        .take(tenant, Way.OTLP, converted.events())
        .thenApply(outcome -> new Exported(outcome, response.build()));
  }
}
