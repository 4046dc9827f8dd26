package dev.tidewatch.jobs.match;

import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.DeadLetter;
import dev.tidewatch.jobs.remember.StatefulMatches;
import dev.tidewatch.jobs.rules.PlacedRule;
import dev.tidewatch.jobs.rules.RuleCounters;
import dev.tidewatch.jobs.rules.RuleFeed;
import dev.tidewatch.jobs.rules.RuleSet;
import dev.tidewatch.jobs.rules.RuleSetFollower;
import dev.tidewatch.jobs.sink.DeadLetterRecords;
import dev.tidewatch.jobs.sink.ProtobufSerializer;
import dev.tidewatch.jobs.source.InboundRecord;
import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.store.StoredEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Puts every event to the rules of the newest revision. Stateless. Events go on in the main output,
 * alerts, dead letters and {@linkplain StatefulMatches matches for stateful rules} in their side
 * outputs.
 */
public final class MatchFunction extends ProcessFunction<InboundRecord, InboundRecord> {
  private static final long serialVersionUID = 1L;
  public static final OutputTag<Alert> ALERTS =
      new OutputTag<>("alerts", ProtobufSerializer.typeOf(Alert.class));
  public static final OutputTag<DeadLetter> DEAD_LETTERS =
      new OutputTag<>("dead-letters", ProtobufSerializer.typeOf(DeadLetter.class));

  /** Under which it reports what it runs. */
  public static final String OPERATOR = "match";

  private final RuleFeed feed;
  private final int maxValueLength;
  private final DeadLetterRecords letters;
  private transient @Nullable Running running;

  private record Running(
      RuleSetFollower rules,
      AlertFactory alerts,
      MatchMetrics metrics,
      StatefulMatches stateful,
      Clock clock) {}

  public MatchFunction(RuleFeed feed, int maxValueLength, DeadLetterRecords letters) {
    this.feed = feed;
    this.maxValueLength = maxValueLength;
    this.letters = letters;
  }

  @Override
  public void open(OpenContext context) throws InterruptedException {
    RuntimeContext runtime = getRuntimeContext();
    RuleSetFollower rules =
        feed.follow(
            new RuleFeed.Subtask(
                runtime.getJobInfo().getJobId().toHexString(),
                OPERATOR,
                runtime.getTaskInfo().getIndexOfThisSubtask(),
                runtime.getTaskInfo().getNumberOfParallelSubtasks(),
                false));
    MatchMetrics metrics = new MatchMetrics(runtime.getMetricGroup(), rules::current);
    running =
        new Running(
            rules,
            new AlertFactory(maxValueLength),
            metrics,
            new StatefulMatches(runtime.getMetricGroup()),
            Clock.systemUTC());
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
    RuleSet rules = now.rules().current();
    List<RuleMatch> fired = match(event, rules, now);
    for (RuleMatch match : fired) {
      fired(event, match, rules.placed(match.rule()), now, context);
    }
    if (!fired.isEmpty()) {
      now.stateful().matched(rules, event, fired, context::output);
    }
    out.collect(record);
  }

  private static void fired(
      StoredEvent event, RuleMatch match, PlacedRule placed, Running now, Context context) {
    if (!placed.audience().covers(event.envelope().getTenantId())) {
      return;
    }
    long start = System.nanoTime();
    RuleCounters.Counter counter = now.rules().counters().of(placed.key());
    counter.match();
    if (!placed.silent()) {
      counter.alert();
      now.metrics().alert(match.rule().id());
      context.output(ALERTS, now.alerts().alert(event, match, placed.stage(), micros(now.clock())));
    }
    counter.took(System.nanoTime() - start);
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

  private static List<RuleMatch> match(StoredEvent event, RuleSet rules, Running now) {
    if (!now.metrics().isSampled()) {
      return rules.matcher().match(event.document());
    }
    long start = System.nanoTime();
    List<RuleMatch> matches = rules.matcher().match(event.document());
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
      running.rules().close();
      running = null;
    }
  }
}
