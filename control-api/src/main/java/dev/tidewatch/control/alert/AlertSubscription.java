package dev.tidewatch.control.alert;

import dev.tidewatch.control.access.Standing;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.StreamAlertsResponse;
import dev.tidewatch.control.v1.TriageChange;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One client of a feed: its filter, its place, and what it has not taken yet. The buffer is
 * bounded; a client that does not keep up is ended with RESOURCE_EXHAUSTED and resumes by cursor.
 * Thread-safe: the feed offers, the connection drains.
 */
public final class AlertSubscription {
  /** The connection. Called by one thread at a time. */
  public interface Sink {
    /** Whether {@link #next} goes out without piling up; a change is told by a drain. */
    boolean isReady();

    void next(StreamAlertsResponse response);

    /** The last call. */
    void end(StatusRuntimeException reason);
  }

  /** Above this the feed reads nothing more for a client that catches up. */
  private static final int BUSY_BATCHES = 4;

  private final Sink sink;
  private final AlertFilterMatch filter;
  private final String requestedCursor;
  private final long mostBytes;
  private final Standing standing;
  private final Clock clock;

  private final Deque<StreamAlertsResponse> waiting = new ArrayDeque<>();
  private final Set<AlertHistory.Version> alreadySent = new HashSet<>();
  private long waitingBytes;
  private String cursor;
  private long lastSentMs;
  private boolean draining;
  private boolean ended;

  AlertSubscription(
      Sink sink,
      AlertFilter filter,
      String requestedCursor,
      long mostBytes,
      Standing standing,
      Clock clock) {
    this.sink = sink;
    this.filter = new AlertFilterMatch(filter);
    this.requestedCursor = requestedCursor;
    this.cursor = requestedCursor;
    this.mostBytes = mostBytes;
    this.standing = standing;
    this.clock = clock;
  }

  Standing standing() {
    return standing;
  }

  String requestedCursor() {
    return requestedCursor;
  }

  synchronized boolean isEnded() {
    return ended;
  }

  synchronized boolean isBusy() {
    return waiting.size() >= BUSY_BATCHES;
  }

  /** Alerts that this client has and that its feed will show again. */
  synchronized void skip(Set<AlertHistory.Version> versions) {
    alreadySent.addAll(versions);
  }

  /** Tells the client where it is: it has joined and misses nothing from here on. */
  synchronized void welcome(String at) {
    cursor = at;
    enqueue(List.of(), List.of());
  }

  /**
   * @param triage goes out whatever the filter says: it may be about an alert that the client has
   */
  synchronized void offer(List<AlertRow> alerts, List<TriageChange> triage, String at) {
    if (ended) {
      return;
    }
    cursor = at;
    List<AlertRow> wanted =
        alerts.stream()
            .filter(row -> !alreadySent.remove(AlertHistory.Version.of(row)))
            .filter(filter)
            .toList();
    if (!wanted.isEmpty() || !triage.isEmpty()) {
      enqueue(wanted, triage);
    }
  }

  /** Sends the place and the time when nothing has been sent for {@code interval}. */
  synchronized void heartbeat(Duration interval) {
    if (!ended && waiting.isEmpty() && clock.millis() - lastSentMs >= interval.toMillis()) {
      enqueue(List.of(), List.of());
    }
  }

  private void enqueue(List<AlertRow> alerts, List<TriageChange> triage) {
    StreamAlertsResponse response =
        StreamAlertsResponse.newBuilder()
            .addAllAlerts(alerts)
            .addAllTriage(triage)
            .setCursor(cursor)
            .setServerTimeMs(clock.millis())
            .build();
    waiting.addLast(response);
    waitingBytes += response.getSerializedSize();
    lastSentMs = clock.millis();
    drain();
    if (waitingBytes > mostBytes) {
      end(
          Failures.exhausted(
              "the client reads slower than alerts arrive; resume with the last cursor"));
    }
  }

  /** Sends what the connection takes. */
  public synchronized void drain() {
    if (draining) {
      return;
    }
    draining = true;
    try {
      while (!ended && !waiting.isEmpty() && sink.isReady()) {
        StreamAlertsResponse response = waiting.removeFirst();
        waitingBytes -= response.getSerializedSize();
        sink.next(response);
      }
    } finally {
      draining = false;
    }
  }

  /** Ends the stream from this side. */
  synchronized void end(StatusRuntimeException reason) {
    if (!ended) {
      cancel();
      sink.end(reason);
    }
  }

  /** The client has gone. */
  public synchronized void cancel() {
    ended = true;
    waiting.clear();
    waitingBytes = 0;
  }
}
