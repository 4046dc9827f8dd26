package dev.tidewatch.control.alert;

import dev.tidewatch.control.access.Standing;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.StreamAlertsRequest;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The feeds of all tenants, polled while they have subscribers. Thread-safe. */
public final class AlertFeeds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlertFeeds.class);

  /** Feeds are polled by this many threads. */
  private static final int THREADS = 2;

  private static final class Running {
    final AlertFeed feed;
    boolean scheduled;

    Running(AlertFeed feed) {
      this.feed = feed;
    }
  }

  private final AlertSource source;
  private final FeedLimits limits;
  private final Clock clock;
  private final ScheduledExecutorService poller;

  /** By tenant, the longest unused first. Guarded by this. */
  private final Map<String, Running> feeds = new LinkedHashMap<>(16, 0.75f, true);

  private final OpenStreams open = new OpenStreams();
  private final StreamRechecks rechecks;

  public AlertFeeds(AlertSource source, FeedLimits limits, Clock clock) {
    this.source = source;
    this.limits = limits;
    this.clock = clock;
    this.poller =
        Executors.newScheduledThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "alert-feed");
              thread.setDaemon(true);
              return thread;
            });
    this.rechecks = new StreamRechecks(open, limits, clock);
  }

  /** Open streams now. */
  public int streams() {
    return open.count();
  }

  /**
   * Subscribes {@code sink}, while {@code standing} lasts. Does not block: a cursor that the store
   * refuses ends the stream later.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a request that cannot be; {@code
   *     RESOURCE_EXHAUSTED} when there are too many streams
   */
  public AlertSubscription subscribe(
      StreamAlertsRequest request, AlertSubscription.Sink sink, Standing standing) {
    new FieldChecks()
        .tenant(request.getTenantId())
        .filter(request.getFilter())
        .require(!request.getFilter().getShadow(), "filter.shadow", "is not streamed: list it")
        .require(!request.getFilter().hasInGroup(), "filter.in_group", "is not streamed: list it")
        .require(isCursor(request.getCursor()), "cursor", "is not a cursor of an alert stream")
        .done();
    AlertSubscription subscription =
        new AlertSubscription(
            sink, request.getFilter(), request.getCursor(), limits.bufferBytes(), standing, clock);
    if (!open.add(subscription, limits.streams())) {
      throw Failures.exhausted("too many open alert streams");
    }
    start(request.getTenantId(), subscription);
    return subscription;
  }

  private static boolean isCursor(String text) {
    return text.isEmpty() || FeedCursor.parse(text).isPresent();
  }

  private synchronized void start(String tenantId, AlertSubscription subscription) {
    Running running =
        feeds.computeIfAbsent(
            tenantId, id -> new Running(new AlertFeed(id, source, limits, clock)));
    running.feed.add(subscription);
    if (!running.scheduled) {
      running.scheduled = true;
      poller.execute(() -> run(running));
    }
    forgetIdle();
  }

  private void forgetIdle() {
    var all = feeds.values().iterator();
    while (feeds.size() > limits.feeds() && all.hasNext()) {
      if (!all.next().scheduled) {
        all.remove();
      }
    }
  }

  private void run(Running running) {
    try {
      running.feed.tick();
    } catch (RuntimeException | Error e) {
      LOG.error("alert feed", e);
    }
    synchronized (this) {
      running.scheduled = running.feed.isWanted();
      if (running.scheduled && !poller.isShutdown()) {
        poller.schedule(() -> run(running), limits.poll().toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  /** Ends all streams; clients may resume elsewhere. */
  @Override
  public void close() {
    poller.shutdownNow();
    rechecks.close();
    open.endAll(Failures.unavailable("the server is going down; resume with the last cursor"));
  }
}
