package dev.tidewatch.jobs.remember;

import dev.tidewatch.events.v1.Alert;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many episodes a minute of event time through, per tenant and rule. What is beyond is held
 * back with its updates, counted, and told in one health alert an hour. An episode that was let
 * through is always brought up to date.
 */
public final class RateCeiling extends KeyedProcessFunction<String, Tuple2<Boolean, Alert>, Alert> {
  private static final long serialVersionUID = 1L;
  private static final long MINUTE_MICROS = 60_000_000L;
  private static final long KEEP_HELD_MINUTES = 24 * 60L;
  private final int mostPerMinute;
  private transient @Nullable MapState<Long, Integer> opened;
  private transient @Nullable MapState<String, Long> held;
  private transient @Nullable Counter heldBack;
  private transient @Nullable HealthAlerts health;

  /**
   * @param mostPerMinute 0: no ceiling
   */
  public RateCeiling(int mostPerMinute) {
    this.mostPerMinute = mostPerMinute;
  }

  /** The key: an alert's tenant and rule. */
  public static String key(Tuple2<Boolean, Alert> episode) {
    return episode.f1.getTenantId() + '\0' + episode.f1.getRuleId();
  }

  @Override
  public void open(OpenContext context) {
    opened =
        getRuntimeContext().getMapState(new MapStateDescriptor<>("opened", Types.LONG, Types.INT));
    held =
        getRuntimeContext().getMapState(new MapStateDescriptor<>("held", Types.STRING, Types.LONG));
    heldBack = getRuntimeContext().getMetricGroup().counter("alertsHeldBack");
    health = new HealthAlerts();
  }

  @Override
  public void processElement(Tuple2<Boolean, Alert> episode, Context context, Collector<Alert> out)
      throws Exception {
    Alert alert = episode.f1;
    if (mostPerMinute == 0
        || alert.getRuleId().startsWith(HealthAlerts.PREFIX)
        || !isBeyond(episode.f0, alert, context)) {
      out.collect(alert);
      return;
    }
    required(heldBack).inc();
    tell(alert).ifPresent(out::collect);
  }

  private boolean isBeyond(boolean first, Alert alert, Context context) throws Exception {
    if (!first) {
      return required(held).contains(alert.getAlertId());
    }
    long minute = Math.floorDiv(alert.getTimeUs(), MINUTE_MICROS);
    Integer before = required(opened).get(minute);
    int count = before == null ? 1 : before + 1;
    required(opened).put(minute, count);
    if (before == null) {
      context.timerService().registerEventTimeTimer((minute + 2) * 60_000);
    }
    if (count <= mostPerMinute) {
      return false;
    }
    required(held).put(alert.getAlertId(), minute);
    return true;
  }

  private Optional<Alert> tell(Alert alert) {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, Clock.systemUTC().instant());
    return required(health)
        .raise(
            HealthAlerts.Problem.RATE,
            alert.getTenantId(),
            alert.getRuleId(),
            alert.getRuleVersion(),
            "",
            "%s (%s) raised more than %d alerts in a minute; further ones of it are held back"
                .formatted(alert.getRuleTitle(), alert.getRuleId(), mostPerMinute),
            alert.getTimeUs(),
            now);
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Alert> out)
      throws Exception {
    long minute = timestamp / 60_000;
    removeOlder(required(opened).iterator(), minute - 1);
    if (required(opened).isEmpty()) {
      required(opened).clear();
    }
    boolean left = false;
    Iterator<Map.Entry<String, Long>> alerts = required(held).iterator();
    while (alerts.hasNext()) {
      if (alerts.next().getValue() < minute - KEEP_HELD_MINUTES) {
        alerts.remove();
      } else {
        left = true;
      }
    }
    if (!left) {
      required(held).clear();
    } else if (timestamp < Long.MAX_VALUE / 2) {
      context.timerService().registerEventTimeTimer(timestamp + 3_600_000);
    }
  }

  private static void removeOlder(Iterator<Map.Entry<Long, Integer>> minutes, long than) {
    while (minutes.hasNext()) {
      if (minutes.next().getKey() < than) {
        minutes.remove();
      }
    }
  }

  private static <T> T required(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("not open");
    }
    return part;
  }
}
