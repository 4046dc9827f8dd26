package dev.tidewatch.jobs.match;

import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.DeadLetter;
import dev.tidewatch.jobs.sink.DeadLetterRecords;
import dev.tidewatch.jobs.sink.ProtobufTypeInfo;
import dev.tidewatch.jobs.source.InboundRecord;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.store.StoredEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Puts every event to the rules. Stateless. Events go on in the main output, alerts and dead
 * letters in their side outputs.
 */
public final class MatchFunction extends ProcessFunction<InboundRecord, InboundRecord> {
  private static final long serialVersionUID = 1L;
  public static final OutputTag<Alert> ALERTS =
      new OutputTag<>("alerts", ProtobufTypeInfo.ofMessage(Alert.class));
  public static final OutputTag<DeadLetter> DEAD_LETTERS =
      new OutputTag<>("dead-letters", ProtobufTypeInfo.ofMessage(DeadLetter.class));

  private final RuleTexts rules;
  private final int maxRuleFailures;
  private final int maxValueLength;
  private final DeadLetterRecords letters;
  private transient @Nullable Running running;

  private record Running(
      SharedRules.Lease lease,
      GuardedMatcher matcher,
      AlertFactory alerts,
      MatchMetrics metrics,
      Clock clock) {}

  public MatchFunction(
      RuleTexts rules, int maxRuleFailures, int maxValueLength, DeadLetterRecords letters) {
    this.rules = rules;
    this.maxRuleFailures = maxRuleFailures;
    this.maxValueLength = maxValueLength;
    this.letters = letters;
  }

  @Override
  public void open(OpenContext context) {
    SharedRules.Lease lease = SharedRules.lease(rules, maxRuleFailures);
    MatchMetrics metrics = new MatchMetrics(getRuntimeContext().getMetricGroup(), lease.matcher());
    running =
        new Running(
            lease, lease.matcher(), new AlertFactory(maxValueLength), metrics, Clock.systemUTC());
  }

  @Override
  public void processElement(InboundRecord record, Context context, Collector<InboundRecord> out) {
    Running now = requireRunning();
    StoredEvent event = record.event();
    if (event == null) {
      deadLetter(record, now, context);
      return;
    }
    now.metrics().event();
    if (record.eventMillis() <= context.timerService().currentWatermark()) {
      now.metrics().lateEvent();
    }
    for (RuleMatch match : match(event, now)) {
      now.metrics().alert(match.rule().id());
      context.output(ALERTS, now.alerts().alert(event, match, micros(now.clock())));
    }
    out.collect(record);
  }

  private void deadLetter(InboundRecord record, Running now, Context context) {
    InboundRecord.Unreadable unreadable = record.unreadable();
    if (unreadable != null) {
      now.metrics().deadLetter(unreadable.code());
      context.output(
          DEAD_LETTERS,
          letters.letter(record, unreadable.code(), unreadable.reason(), unreadable.tenantId()));
    }
  }

  private static List<RuleMatch> match(StoredEvent event, Running now) {
    if (!now.metrics().isSampled()) {
      return now.matcher().match(event.document());
    }
    long start = System.nanoTime();
    List<RuleMatch> matches = now.matcher().match(event.document());
    now.metrics().matchTook(System.nanoTime() - start);
    return matches;
  }

  private static long micros(Clock clock) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  private Running requireRunning() {
    if (running == null) {
      throw new IllegalStateException("not open");
    }
    return running;
  }

  @Override
  public void close() {
    if (running != null) {
      running.lease().close();
      running = null;
    }
  }
}
