package dev.tidewatch.jobs.rules;

import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleLedger;
import dev.tidewatch.sigma.SigmaRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process on the topic of rules: one thread reads, compiles and publishes, another puts
 * changes into a new large index when they have come to rest or are many. Task threads only ever
 * read what was published.
 */
final class FollowedTopic implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedTopic.class);
  private static final Duration POLL = Duration.ofMillis(100);

  /** The same while some subtask has yet to take the newest revision: to tell soon when it has. */
  private static final Duration SETTLING_POLL = Duration.ofMillis(5);

  private static final long SETTLING_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long PATIENCE_MILLIS = 10_000;
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

  /**
   * Changes that lie over the large index at most: each revision makes an index of them, which then
   * learns its events anew. Deployments without a pause would otherwise cost more and more.
   */
  private static final int LARGEST_LAYER = 200;

  private final KafkaRuleFeed.Settings settings;
  private final RuleFaults faults;
  private final BaseIndex index;
  private final RuleSetCompiler compiler;
  private final RuleLedger ledger = new RuleLedger();
  private final StatusReporter reporter;
  private final List<TopicFollower> followers = new CopyOnWriteArrayList<>();
  private final Object published = new Object();
  private final Thread thread;
  private volatile @Nullable RuleSet current;
  private volatile @Nullable Consumer<byte[], byte[]> reading;
  private volatile boolean closed;
  private volatile boolean reportDue;
  private @Nullable RuleBook newest;
  private long changedNanos;
  private @Nullable Thread merging;
  private int users;

  private FollowedTopic(KafkaRuleFeed.Settings settings) {
    this.settings = settings;
    this.faults = new RuleFaults(settings.maxRuleFailures());
    this.index = new BaseIndex(faults);
    this.compiler = new RuleSetCompiler(faults, index);
    this.reporter = new StatusReporter(settings.rules().properties(), settings.statusTopic());
    this.thread = new Thread(this::run, "rules-" + settings.rules().topic());
    thread.setDaemon(true);
  }

  static FollowedTopic start(KafkaRuleFeed.Settings settings) {
    FollowedTopic topic = new FollowedTopic(settings);
    topic.thread.start();
    return topic;
  }

  void addUser() {
    users++;
  }

  int removeUser() {
    return --users;
  }

  /** Waits for the first rule set. */
  RuleSetFollower follow(RuleFeed.Subtask subtask, Runnable release) throws InterruptedException {
    awaitFirst(subtask);
    TopicFollower follower = new TopicFollower(this, subtask, release);
    followers.add(follower);
    // What was published between the two lines above.
    follower.changed();
    reportDue = true;
    return follower;
  }

  private void awaitFirst(RuleFeed.Subtask subtask) throws InterruptedException {
    synchronized (published) {
      while (current == null) {
        published.wait(PATIENCE_MILLIS);
        if (current == null) {
          LOG.info(
              "{} waits for the first revision in topic {}",
              subtask.operator(),
              settings.rules().topic());
        }
      }
    }
  }

  RuleSet current() {
    RuleSet set = current;
    if (set == null) {
      throw new IllegalStateException("no rule set was published yet");
    }
    return set;
  }

  RuleSet atLeast(long revision) throws InterruptedException {
    RuleSet set = current();
    if (set.revision() >= revision) {
      return set;
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    synchronized (published) {
      while (current().revision() < revision && System.nanoTime() < deadline) {
        published.wait(100);
      }
    }
    return current();
  }

  /** A subtask runs another revision, or has ended: the status is to be told soon. */
  void report() {
    reportDue = true;
  }

  void ended(TopicFollower follower) {
    if (followers.remove(follower)) {
      reporter.ended(follower.status());
    }
  }

  private void run() {
    while (!closed) {
      try (Consumer<byte[], byte[]> consumer = settings.rules().consumer()) {
        reading = consumer;
        read(consumer);
      } catch (WakeupException stopped) {
        LOG.debug("Topic {} is not followed any more", settings.rules().topic());
      } catch (KafkaException e) {
        LOG.warn("Topic {} cannot be followed, trying again: {}", settings.rules().topic(), e + "");
        pause();
      }
    }
    reporter.close();
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Compiles only what is newest when several revisions come at once, as at the start. */
  private void read(Consumer<byte[], byte[]> consumer) {
    var partition = settings.rules().partition();
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    while (!closed) {
      consumer
          .poll(isSettling() ? SETTLING_POLL : POLL)
          .forEach(
              record ->
                  ledger.accept(record.key(), record.value()).ifPresent(book -> newest = book));
      RuleBook book = newest;
      if (book != null && consumer.position(partition) >= end) {
        newest = null;
        take(book);
      }
      refusedByLedger();
      mergeWhenDue();
      if (reporter.isDue(reportDue)) {
        reportDue = false;
        reporter.report(followers, faults.all());
      }
    }
  }

  private boolean isSettling() {
    RuleSet set = current;
    return set != null
        && System.nanoTime() - changedNanos < SETTLING_NANOS
        && followers.stream().anyMatch(follower -> follower.isBehind(set.revision()));
  }

  private void refusedByLedger() {
    Optional<RuleLedger.Refusal> refusal = ledger.refusal();
    refusal.ifPresent(r -> refuse(r.revision(), r.why()));
  }

  private void refuse(long revision, String why) {
    if (reporter.refused(revision, why)) {
      LOG.error("Revision {} is refused, the one that runs stays: {}", revision, why);
      reportDue = true;
    }
  }

  private void take(RuleBook book) {
    long start = System.nanoTime();
    try {
      RuleSet set = compiler.compile(book);
      reporter.compiled(System.nanoTime() - start);
      publish(set);
      Set<String> keys = set.keys();
      followers.forEach(follower -> follower.counters().retain(keys));
      followers.forEach(TopicFollower::changed);
      LOG.info("{}, compiled in {} ms", set, (System.nanoTime() - start) / 1_000_000);
    } catch (RefusedRevisionException e) {
      refuse(book.revision(), String.valueOf(e.getMessage()));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("Revision {} does not compile", book.revision(), e);
      refuse(book.revision(), e.toString());
    }
  }

  private void publish(RuleSet set) {
    synchronized (published) {
      current = set;
      changedNanos = System.nanoTime();
      reportDue = true;
      published.notifyAll();
    }
  }

  private void mergeWhenDue() {
    RuleSet set = current;
    if (set != null && isMergeDue(set) && merging == null) {
      Thread merge = new Thread(() -> merge(set), "rules-merge");
      merge.setDaemon(true);
      merge.setPriority(Thread.MIN_PRIORITY);
      merging = merge;
      merge.start();
    } else if (merging != null && !merging.isAlive()) {
      merging = null;
    }
  }

  private boolean isMergeDue(RuleSet set) {
    boolean quiet = System.nanoTime() - changedNanos > QUIET_NANOS;
    return set.isLayered() && (quiet || set.changes() > LARGEST_LAYER);
  }

  /** What was deployed meanwhile is a layer over the new index with the next revision. */
  private void merge(RuleSet set) {
    List<SigmaRule> rules = set.placed().stream().map(PlacedRule::rule).toList();
    GuardedMatcher merged = index.merge(rules);
    synchronized (published) {
      if (current == set) {
        current = set.with(merged);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    Consumer<byte[], byte[]> consumer = reading;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
