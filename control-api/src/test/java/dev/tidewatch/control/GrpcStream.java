package dev.tidewatch.control;

import dev.tidewatch.control.v1.AlertServiceGrpc.AlertServiceStub;
import dev.tidewatch.control.v1.StreamAlertsRequest;
import dev.tidewatch.control.v1.StreamAlertsResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A gRPC client of the alert stream that goes away when it is closed. */
final class GrpcStream
    implements ClientResponseObserver<StreamAlertsRequest, StreamAlertsResponse>, AutoCloseable {
  private final BlockingQueue<StreamAlertsResponse> responses = new LinkedBlockingQueue<>();
  private final CompletableFuture<Throwable> end = new CompletableFuture<>();
  private ClientCallStreamObserver<StreamAlertsRequest> call;

  static GrpcStream open(AlertServiceStub stub, StreamAlertsRequest request) {
    GrpcStream stream = new GrpcStream();
    stub.streamAlerts(request, stream);
    return stream;
  }

  StreamAlertsResponse next() throws InterruptedException {
    StreamAlertsResponse response = responses.poll(60, TimeUnit.SECONDS);
    if (response == null) {
      throw new AssertionError("nothing within a minute");
    }
    return response;
  }

  List<String> alertIds(int count) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    while (ids.size() < count) {
      next().getAlertsList().forEach(row -> ids.add(row.getAlertId()));
    }
    return ids;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<StreamAlertsRequest> begun) {
    call = begun;
  }

  @Override
  public void onNext(StreamAlertsResponse response) {
    responses.add(response);
  }

  /** How the server ended it. */
  Status end() throws Exception {
    return Status.fromThrowable(end.get(60, TimeUnit.SECONDS));
  }

  @Override
  public void onError(Throwable failure) {
    end.complete(failure);
  }

  @Override
  public void onCompleted() {}

  @Override
  public void close() {
    call.cancel("enough", null);
  }
}
