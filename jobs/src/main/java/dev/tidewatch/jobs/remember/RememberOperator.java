package dev.tidewatch.jobs.remember;

import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.jobs.rules.PlacedRule;
import dev.tidewatch.jobs.rules.PlacedStatefulRule;
import dev.tidewatch.jobs.rules.RuleFeed;
import dev.tidewatch.jobs.rules.RuleSet;
import dev.tidewatch.jobs.rules.RuleSetFollower;
import dev.tidewatch.remember.GroupKey;
import dev.tidewatch.remember.GroupState;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * REMEMBER for one level of chains. State is one {@link GroupState} a group; each group has at most
 * one timer, at the earliest instant at which something can happen in it. Matches wait in the state
 * until the watermark has passed them.
 *
 * <p>Emits alerts, each with whether it is the first of its episode; late matches and the matches
 * of rules higher up the chain in side outputs.
 *
 * <p>The watermark is part of the state: after a restart what was late is late again, and no match
 * gets behind one that was let through.
 */
public final class RememberOperator extends AbstractStreamOperator<Tuple2<Boolean, Alert>>
    implements OneInputStreamOperator<StatefulMatch, Tuple2<Boolean, Alert>>,
        Triggerable<GroupKey, VoidNamespace> {
  private static final long serialVersionUID = 1L;

  /** Matches that the watermark had passed, their rule's lateness included. */
  public static final OutputTag<StatefulMatch> LATE =
      new OutputTag<>("late-matches", StatefulMatchSerializer.TYPE);

  static final String GROUPS = "groups";
  private static final int SLICE = 1_000;

  private final transient MailboxExecutor mailbox;
  private final transient RememberSettings settings;
  private final int level;
  private final String uid;
  private final transient Clock clock = Clock.systemUTC();
  private final transient Map<String, List<RuleRun>> runs = new HashMap<>();
  private final transient Deque<GroupSweep> sweeps = new ArrayDeque<>();
  private transient @Nullable RuleSetFollower follower;
  private transient @Nullable RuleView view;
  private transient @Nullable ValueState<GroupState> groups;
  private transient @Nullable InternalTimerService<VoidNamespace> timers;
  private transient @Nullable ListState<Long> watermarks;
  private transient @Nullable Telling telling;
  private transient @Nullable SilentTime silentTime;
  private transient @Nullable RememberMetrics counted;
  private transient boolean mutableInPlace;
  private transient boolean restored;
  private transient long restoredWatermark = Long.MIN_VALUE;

  RememberOperator(
      StreamOperatorParameters<Tuple2<Boolean, Alert>> parameters,
      MailboxExecutor mailbox,
      RememberSettings settings,
      int level,
      String uid) {
    super(parameters);
    this.mailbox = mailbox;
    this.settings = settings;
    this.level = level;
    this.uid = uid;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    restored = context.isRestored();
    ListState<Long> stored =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>("watermark", LongSerializer.INSTANCE));
    for (long watermark : stored.get()) {
      restoredWatermark = Math.max(restoredWatermark, watermark);
    }
    watermarks = stored;
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    required(watermarks).update(List.of(required(timers).currentWatermark()));
  }

  @Override
  public void open() throws Exception {
    super.open();
    groups =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>(GROUPS, new GroupStateSerializer()));
    mutableInPlace = getKeyedStateBackend() instanceof HeapKeyedStateBackend<?>;
    timers = getInternalTimerService("wake", VoidNamespaceSerializer.INSTANCE, this);
    timers.initializeWatermark(restoredWatermark);
    counted = new RememberMetrics(getMetricGroup(), runs);
    telling = new Telling(output, settings.maxValueLength(), this::nowMicros);
    silentTime = new SilentTime(settings.idleAdvance(), getProcessingTimeService(), this::advance);
    var task = getRuntimeContext().getTaskInfo();
    RuleSetFollower rules =
        settings
            .feed()
            .follow(
                new RuleFeed.Subtask(
                    getRuntimeContext().getJobInfo().getJobId().toHexString(),
                    uid,
                    task.getIndexOfThisSubtask(),
                    task.getNumberOfParallelSubtasks(),
                    true));
    follower = rules;
    switchTo(rules.current());
    if (restored) {
      sweep(key -> true);
    }
    rules.onChange(command -> mailbox.execute(command::run, "new rules"), this::switchTo);
  }

  /** Runs these rules from now on, unless newer ones run; in the task's thread. */
  void switchTo(RuleSet next) {
    RuleView running = view;
    if (running != null && next.revision() <= running.set().revision()) {
      return;
    }
    RuleView changed = new RuleView(next);
    Map<String, RuleRun> before = new HashMap<>();
    runs.values().forEach(list -> list.forEach(run -> before.put(run.placed().key(), run)));
    runs.clear();
    for (PlacedStatefulRule placed : next.stateful().values()) {
      if (placed.rule().depth() == level) {
        add(placed, changed, before.remove(placed.key()));
      }
    }
    view = changed;
    required(telling).follow(changed);
    before.keySet().forEach(required(follower).counters()::forget);
    if (!before.isEmpty()) {
      sweep(key -> before.containsKey(ruleKey(key)));
    }
    required(follower).adopted(next.revision());
  }

  private void add(PlacedStatefulRule placed, RuleView changed, @Nullable RuleRun before) {
    RuleRun run =
        new RuleRun(
            placed,
            changed.subscriptions().lateness(placed.rule()),
            required(telling),
            required(follower).counters().of(placed.key()));
    runs.computeIfAbsent(placed.rule().id(), id -> new ArrayList<>(1))
        .add(before == null ? run : run.inheriting(before));
    required(counted).watch(placed.rule().id());
  }

  private static String ruleKey(GroupKey key) {
    return PlacedRule.key(key.ruleId(), key.ruleVersion());
  }

  /** Frees, in slices, groups whose rule does not run; the others are counted. */
  private void sweep(Predicate<GroupKey> condition) {
    sweeps.add(GroupSweep.over(this.<GroupKey>getKeyedStateBackend(), GROUPS, condition));
    if (sweeps.size() == 1) {
      mailbox.execute(this::sweepOn, "free groups of rules that are gone");
    }
  }

  private void sweepOn() {
    GroupSweep sweep = sweeps.peek();
    if (sweep == null) {
      return;
    }
    if (!sweep.slice(SLICE, this::visit)) {
      sweeps.poll();
    }
    if (!sweeps.isEmpty()) {
      mailbox.execute(this::sweepOn, "free groups of rules that are gone");
    }
  }

  private void visit(GroupKey key) {
    try {
      setCurrentKey(key);
      GroupState state = required(groups).value();
      RuleRun run = runOf(key);
      if (state != null && (run == null || run.isDisabled())) {
        free(state);
      } else if (state != null && run != null) {
        run.groupAdded();
      }
    } catch (Exception e) {
      throw new IllegalStateException("cannot free " + key, e);
    }
  }

  private void free(GroupState state) throws Exception {
    if (state.wakeMicros() != Long.MAX_VALUE) {
      required(timers)
          .deleteEventTimeTimer(VoidNamespace.INSTANCE, EventTimes.millis(state.wakeMicros()));
    }
    required(groups).clear();
  }

  @Nullable RuleRun runOf(GroupKey key) {
    List<RuleRun> versions = runs.get(key.ruleId());
    if (versions != null) {
      for (int i = 0; i < versions.size(); i++) {
        if (versions.get(i).isFor(key)) {
          return versions.get(i);
        }
      }
    }
    return null;
  }

  @Override
  public void processElement(StreamRecord<StatefulMatch> element) throws Exception {
    StatefulMatch match = element.getValue();
    if (match.revision() > required(view).set().revision()) {
      switchTo(required(follower).atLeast(match.revision()));
    }
    GroupKey key = match.key();
    RuleRun run = runOf(key);
    if (run == null || run.isDisabled()) {
      required(counted).matchWithoutRule();
      return;
    }
    run.counter().match();
    required(counted).match();
    long watermark = watermarkMicros();
    if (run.run().isLate(match.match(), watermark)) {
      run.late();
      required(counted).late();
      output.collect(LATE, new StreamRecord<>(match, match.timeMillis()));
      return;
    }
    keep(run, key, match, watermark);
  }

  private void keep(RuleRun run, GroupKey key, StatefulMatch match, long watermark)
      throws Exception {
    ValueState<GroupState> stored = required(groups);
    GroupState state = stored.value();
    boolean isNew = state == null;
    if (state == null) {
      state = new GroupState();
      run.groupAdded();
    }
    required(telling).begin(run);
    long wake;
    try {
      run.run().add(key, state, match.match(), watermark);
      wake = run.run().wakeUp(state);
    } catch (RuntimeException | StackOverflowError e) {
      free(state);
      run.groupFreed();
      failed(run, key, e);
      required(telling).tell();
      return;
    }
    plan(state, wake, state.wakeMicros());
    if (isNew || !mutableInPlace) {
      stored.update(state);
    }
    required(telling).tell();
  }

  /** One timer a group, moved only when something can happen sooner. */
  private void plan(GroupState state, long wakeMicros, long plannedMicros) {
    if (wakeMicros >= plannedMicros) {
      return;
    }
    long millis = EventTimes.millis(wakeMicros);
    if (plannedMicros == Long.MAX_VALUE) {
      required(timers).registerEventTimeTimer(VoidNamespace.INSTANCE, millis);
    } else if (millis != EventTimes.millis(plannedMicros)) {
      required(timers)
          .deleteEventTimeTimer(VoidNamespace.INSTANCE, EventTimes.millis(plannedMicros));
      required(timers).registerEventTimeTimer(VoidNamespace.INSTANCE, millis);
    }
    state.planWake(wakeMicros);
  }

  @Override
  public void onEventTime(InternalTimer<GroupKey, VoidNamespace> timer) throws Exception {
    GroupKey key = timer.getKey();
    GroupState state = required(groups).value();
    if (state == null || EventTimes.millis(state.wakeMicros()) != timer.getTimestamp()) {
      return;
    }
    state.planWake(Long.MAX_VALUE);
    RuleRun run = runOf(key);
    if (run == null || run.isDisabled()) {
      required(groups).clear();
      return;
    }
    required(telling).begin(run);
    move(run, key, state);
    required(telling).tell();
  }

  private void move(RuleRun run, GroupKey key, GroupState state) throws Exception {
    boolean sampled = run.isSampled();
    long start = sampled ? System.nanoTime() : 0;
    long next;
    try {
      next = run.run().advance(key, state, watermarkMicros());
    } catch (RuntimeException | StackOverflowError e) {
      required(groups).clear();
      run.groupFreed();
      failed(run, key, e);
      return;
    }
    if (sampled) {
      run.sample(System.nanoTime() - start, state);
    }
    if (state.isEmpty()) {
      required(groups).clear();
      run.groupFreed();
      return;
    }
    if (next != Long.MAX_VALUE) {
      plan(state, next, Long.MAX_VALUE);
    }
    if (!mutableInPlace) {
      required(groups).update(state);
    }
  }

  /** The group is lost: nobody knows what half a step left of it. The stream goes on. */
  private void failed(RuleRun run, GroupKey key, Throwable cause) {
    required(telling).forgetUntold();
    required(counted).failure();
    int failures = run.failed();
    if (failures == 1) {
      LOG.warn("Rule {} failed on the group {}", run.placed().rule(), key, cause);
    }
    if (failures >= settings.maxRuleFailures() && !run.isDisabled()) {
      LOG.error("Rule {} failed on {} groups: disabled", run.placed().rule(), failures, cause);
      run.disable();
      required(telling).disabled(key, cause.toString());
      sweep(other -> run.isFor(other) && key.ruleId().equals(other.ruleId()));
    }
  }

  @Override
  public void onProcessingTime(InternalTimer<GroupKey, VoidNamespace> timer) {
    throw new IllegalStateException("there are no timers of this kind");
  }

  /** Never back: after a restart, and after a silence, the sources begin behind us. */
  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() > required(timers).currentWatermark()) {
      super.processWatermark(mark);
    }
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) throws Exception {
    if (level == 1 && required(silentTime).isOn()) {
      required(silentTime).inputIs(status.isIdle(), required(timers).currentWatermark());
    } else {
      super.processWatermarkStatus(status);
    }
  }

  private void advance(long watermarkMillis) throws Exception {
    processWatermark(new Watermark(watermarkMillis));
  }

  private long watermarkMicros() {
    return EventTimes.watermarkMicros(required(timers).currentWatermark());
  }

  private long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  private static <T> T required(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("not open");
    }
    return part;
  }

  @Override
  public void close() throws Exception {
    sweeps.forEach(GroupSweep::close);
    sweeps.clear();
    if (follower != null) {
      follower.close();
      follower = null;
    }
    super.close();
  }
}
