package dev.tidewatch.control.alert;

import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.StreamAlertsResponse;
import dev.tidewatch.control.v1.TriageChange;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;

/** A client that remembers; it can stop reading. */
final class RecordingSink implements AlertSubscription.Sink {
  private final List<StreamAlertsResponse> responses = new ArrayList<>();
  private boolean ready = true;
  private Status end = Status.OK;

  void setReady(boolean takes) {
    ready = takes;
  }

  List<StreamAlertsResponse> responses() {
    return responses;
  }

  List<String> alertIds() {
    return responses.stream()
        .flatMap(response -> response.getAlertsList().stream())
        .map(AlertRow::getAlertId)
        .toList();
  }

  List<String> assignees() {
    return responses.stream()
        .flatMap(response -> response.getTriageList().stream())
        .map(TriageChange::getAssignee)
        .toList();
  }

  String lastCursor() {
    return responses.get(responses.size() - 1).getCursor();
  }

  /** OK while the stream is open. */
  Status end() {
    return end;
  }

  @Override
  public boolean isReady() {
    return ready;
  }

  @Override
  public void next(StreamAlertsResponse response) {
    responses.add(response);
  }

  @Override
  public void end(StatusRuntimeException reason) {
    end = reason.getStatus();
  }
}
