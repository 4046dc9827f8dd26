package dev.tidewatch.agent.send;

import java.util.concurrent.atomic.AtomicLong;

/** What became of events, over all streams. */
final class SenderCounts {
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();

  void sent(long events) {
    sent.addAndGet(events);
  }

  void refused() {
    refused.incrementAndGet();
  }

  void connected() {
    connections.incrementAndGet();
  }

  SenderStatus status(boolean connected, String detail) {
    return new SenderStatus(connected, detail, sent.get(), refused.get(), connections.get());
  }
}
