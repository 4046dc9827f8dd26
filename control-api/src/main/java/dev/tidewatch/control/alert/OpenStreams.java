package dev.tidewatch.control.alert;

import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;

/** Subscriptions that have not ended. Thread-safe. */
final class OpenStreams {
  private final List<AlertSubscription> open = new ArrayList<>();

  synchronized int count() {
    open.removeIf(AlertSubscription::isEnded);
    return open.size();
  }

  /** False, and not added, when there are {@code most} already. */
  synchronized boolean add(AlertSubscription subscription, int most) {
    return count() < most && open.add(subscription);
  }

  void endAll(StatusRuntimeException reason) {
    List<AlertSubscription> all;
    synchronized (this) {
      all = List.copyOf(open);
    }
    all.forEach(subscription -> subscription.end(reason));
  }
}
