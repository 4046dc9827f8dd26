package dev.tidewatch.cli;

import dev.tidewatch.cli.demo.DemoScenario;
import dev.tidewatch.cli.demo.TimedEvent;
import java.time.Duration;
import java.time.Instant;

/** Sends the scenario's events, each under an origin that names its host. */
final class DemoPlayer {
  /** Begins {@code TelemetryEvent.origin}; the host follows. */
  static final String ORIGIN = "demo/";

  private final DemoScenario scenario;
  private final TelemetrySender sender;

  DemoPlayer(DemoScenario scenario, TelemetrySender sender) {
    this.scenario = scenario;
    this.sender = sender;
  }

  /** All at once, as if it had begun at {@code begin}; returns how many, when Kafka has them. */
  int playAt(Instant begin, Rate rate) {
    long start = System.nanoTime();
    int sent = 0;
    for (TimedEvent event : scenario.events()) {
      rate.await(start, sent++);
      send(event, begin.plusMillis(event.atMillis()));
    }
    sender.flush();
    if (sender.failed() > 0) {
      throw new CommandFailedException(
          "Kafka refused " + sender.failed() + " events: " + sender.firstFailure());
    }
    return sent;
  }

  /** Each in its time, from {@code begin}. */
  int playLive(Instant begin) throws InterruptedException {
    int sent = 0;
    for (TimedEvent event : scenario.events()) {
      Instant due = begin.plusMillis(event.atMillis());
      long wait = Duration.between(Instant.now(), due).toMillis();
      if (wait > 0) {
        Thread.sleep(wait);
      }
      send(event, due);
      sent++;
    }
    sender.flush();
    return sent;
  }

  private void send(TimedEvent event, Instant time) {
    sender.send(event.payloadAt(time), ORIGIN + event.host(), event.host(), event.hint(), null);
  }
}
