package dev.tidewatch.control.alert;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.tidewatch.control.access.Standing;
import dev.tidewatch.control.request.Answer;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.AlertGrouping;
import dev.tidewatch.control.v1.AlertServiceGrpc;
import dev.tidewatch.control.v1.AssignAlertsRequest;
import dev.tidewatch.control.v1.AssignAlertsResponse;
import dev.tidewatch.control.v1.GetAlertRequest;
import dev.tidewatch.control.v1.GetAlertResponse;
import dev.tidewatch.control.v1.GetTriageRequest;
import dev.tidewatch.control.v1.GroupAlertsRequest;
import dev.tidewatch.control.v1.GroupAlertsResponse;
import dev.tidewatch.control.v1.ListAlertsRequest;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.ListRuleVerdictsRequest;
import dev.tidewatch.control.v1.ListRuleVerdictsResponse;
import dev.tidewatch.control.v1.Permission;
import dev.tidewatch.control.v1.SetDispositionRequest;
import dev.tidewatch.control.v1.SetDispositionResponse;
import dev.tidewatch.control.v1.StreamAlertsRequest;
import dev.tidewatch.control.v1.StreamAlertsResponse;
import dev.tidewatch.control.v1.SummarizeAlertsRequest;
import dev.tidewatch.control.v1.SummarizeAlertsResponse;
import dev.tidewatch.control.v1.Triage;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code AlertService}. Methods run on blocking threads. */
public final class AlertEndpoint extends AlertServiceGrpc.AlertServiceImplBase {
  private static final int LARGEST_PAGE = 1_000;
  private static final int MOST_BUCKETS = 500;

  private final AlertSource alerts;
  private final AlertFeeds feeds;
  private final @Nullable TriageDesk desk;

  /**
   * @param desk empty where there is no control database: alerts can be read, and that is all
   */
  public AlertEndpoint(AlertSource alerts, AlertFeeds feeds, Optional<TriageDesk> desk) {
    this.alerts = alerts;
    this.feeds = feeds;
    this.desk = desk.orElse(null);
  }

  @Override
  public void listAlerts(ListAlertsRequest request, StreamObserver<ListAlertsResponse> observer) {
    Answer.with(observer, () -> list(request));
  }

  private ListAlertsResponse list(ListAlertsRequest request) {
    new FieldChecks()
        .tenant(request.getTenantId())
        .filter(request.getFilter())
        .count("page_size", request.getPageSize(), LARGEST_PAGE)
        .name("page_token", request.getPageToken())
        .done();
    return alerts.list(
        request.getTenantId(), request.getFilter(), request.getPageSize(), request.getPageToken());
  }

  @Override
  public void getAlert(GetAlertRequest request, StreamObserver<GetAlertResponse> observer) {
    Answer.with(observer, () -> get(request));
  }

  private GetAlertResponse get(GetAlertRequest request) {
    String id = request.getAlertId();
    new FieldChecks().tenant(request.getTenantId()).uuid("alert_id", id).done();
    return alerts
        .get(request.getTenantId(), id.toLowerCase(Locale.ROOT))
        .orElseThrow(() -> Failures.notFound("no alert " + id + " of this tenant"));
  }

  @Override
  public void setDisposition(
      SetDispositionRequest request, StreamObserver<SetDispositionResponse> observer) {
    Answer.with(observer, () -> desk().dispose(request));
  }

  @Override
  public void assignAlerts(
      AssignAlertsRequest request, StreamObserver<AssignAlertsResponse> observer) {
    Answer.with(observer, () -> desk().assign(request));
  }

  @Override
  public void getTriage(GetTriageRequest request, StreamObserver<Triage> observer) {
    Answer.with(observer, () -> desk().get(request));
  }

  @Override
  public void listRuleVerdicts(
      ListRuleVerdictsRequest request, StreamObserver<ListRuleVerdictsResponse> observer) {
    Answer.with(observer, () -> desk().verdicts(request));
  }

  private TriageDesk desk() {
    if (desk == null) {
      throw Status.FAILED_PRECONDITION
          .withDescription("this server has no control database")
          .asRuntimeException();
    }
    return desk;
  }

  @Override
  public void summarizeAlerts(
      SummarizeAlertsRequest request, StreamObserver<SummarizeAlertsResponse> observer) {
    Answer.with(observer, () -> summarize(request));
  }

  private SummarizeAlertsResponse summarize(SummarizeAlertsRequest request) {
    new FieldChecks()
        .tenant(request.getTenantId())
        .filter(request.getFilter())
        .count("buckets", request.getBuckets(), MOST_BUCKETS)
        .done();
    return alerts.summarize(request.getTenantId(), request.getFilter(), request.getBuckets());
  }

  @Override
  public void groupAlerts(
      GroupAlertsRequest request, StreamObserver<GroupAlertsResponse> observer) {
    Answer.with(observer, () -> group(request));
  }

  private GroupAlertsResponse group(GroupAlertsRequest request) {
    AlertGrouping by = request.getBy();
    boolean known =
        by != AlertGrouping.ALERT_GROUPING_UNSPECIFIED && by != AlertGrouping.UNRECOGNIZED;
    new FieldChecks()
        .tenant(request.getTenantId())
        .filter(request.getFilter())
        .require(known, "by", "must be ALERT_GROUPING_RULE to ALERT_GROUPING_TECHNIQUE")
        .count("top", request.getTop(), LARGEST_PAGE)
        .done();
    return alerts.group(request.getTenantId(), request.getFilter(), by, request.getTop());
  }

  @Override
  public void streamAlerts(
      StreamAlertsRequest request, StreamObserver<StreamAlertsResponse> observer) {
    ServiceRequestContext.current().clearRequestTimeout();
    ServerCallStreamObserver<StreamAlertsResponse> call =
        (ServerCallStreamObserver<StreamAlertsResponse>) observer;
    try {
      Standing standing =
          Standing.of(
              ServiceRequestContext.current(),
              Permission.PERMISSION_ALERTS_READ,
              request.getTenantId());
      AlertSubscription subscription = feeds.subscribe(request, new GrpcSink(call), standing);
      call.setOnReadyHandler(subscription::drain);
      call.setOnCancelHandler(subscription::cancel);
      if (call.isCancelled()) {
        subscription.cancel(); // before the handler was there
      }
      subscription.drain();
    } catch (StatusRuntimeException failure) {
      call.onError(failure);
    }
  }

  /** A gRPC client; the call is not thread-safe, so only a subscription's drain touches it. */
  private record GrpcSink(ServerCallStreamObserver<StreamAlertsResponse> call)
      implements AlertSubscription.Sink {
    @Override
    public boolean isReady() {
      return call.isReady();
    }

    @Override
    public void next(StreamAlertsResponse response) {
      call.onNext(response);
    }

    @Override
    public void end(StatusRuntimeException reason) {
      call.onError(reason);
    }
  }
}
