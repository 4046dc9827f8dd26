package dev.tidewatch.jobs.rules;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One subtask at a {@link FollowedTopic}. */
final class TopicFollower implements RuleSetFollower {
  private final FollowedTopic topic;
  private final RuleFeed.Subtask subtask;
  private final Runnable release;
  private final RuleCounters counters = new RuleCounters();
  private final AtomicBoolean open = new AtomicBoolean(true);
  private volatile @Nullable Adoption adoption;
  private volatile Active active;

  private record Adoption(Executor mailbox, Consumer<RuleSet> adopt) {}

  private record Active(long revision, long sinceMicros) {}

  /** What there is to report. */
  record Status(RuleFeed.Subtask subtask, long revision, long sinceMicros, RuleCounters counters) {}

  TopicFollower(FollowedTopic topic, RuleFeed.Subtask subtask, Runnable release) {
    this.topic = topic;
    this.subtask = subtask;
    this.release = release;
    this.active = new Active(topic.current().revision(), now());
  }

  @Override
  public RuleSet current() {
    return topic.current();
  }

  @Override
  public RuleSet atLeast(long revision) throws InterruptedException {
    return topic.atLeast(revision);
  }

  @Override
  public void onChange(Executor mailbox, Consumer<RuleSet> adopt) {
    adoption = new Adoption(mailbox, adopt);
    if (active.revision() < topic.current().revision()) {
      changed();
    }
  }

  /** A newer rule set was published. */
  void changed() {
    Adoption now = adoption;
    if (now != null) {
      try {
        now.mailbox().execute(() -> deliver(now));
      } catch (RejectedExecutionException ended) {
        // The task is ending and closes this follower.
        return;
      }
    }
    if (!subtask.adopts()) {
      adopted(topic.current().revision());
    }
  }

  private void deliver(Adoption now) {
    RuleSet set = topic.current();
    if (open.get() && active.revision() < set.revision()) {
      now.adopt().accept(set);
    }
  }

  @Override
  public void adopted(long revision) {
    if (revision > active.revision()) {
      active = new Active(revision, now());
      topic.report();
    }
  }

  @Override
  public RuleCounters counters() {
    return counters;
  }

  /** Whether it is to take {@code revision} and has not yet. */
  boolean isBehind(long revision) {
    return adoption != null && active.revision() < revision;
  }

  Status status() {
    Active now = active;
    return new Status(subtask, now.revision(), now.sinceMicros(), counters);
  }

  private static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  @Override
  public void close() {
    if (open.getAndSet(false)) {
      topic.ended(this);
      release.run();
    }
  }
}
