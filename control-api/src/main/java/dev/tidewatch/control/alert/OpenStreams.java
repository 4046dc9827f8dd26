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

  synchronized List<AlertSubscription> all() {
    open.removeIf(AlertSubscription::isEnded);
    return List.copyOf(open);
  }

  void endAll(StatusRuntimeException reason) {
    all().forEach(subscription -> subscription.end(reason));
  }
}
