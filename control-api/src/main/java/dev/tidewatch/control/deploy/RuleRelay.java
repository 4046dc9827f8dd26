package dev.tidewatch.control.deploy;

import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.DatabaseUnavailableException;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.deploy.DeploymentWatch.Step;
import dev.tidewatch.control.deploy.RuleHome.Waiting;
import dev.tidewatch.deploy.Deployment.Plan;
import dev.tidewatch.deploy.DeploymentConflictException;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleMerge;
import dev.tidewatch.deploy.RuleTopic;
import dev.tidewatch.deploy.RuleTopicWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the topic what the control database has recorded: revision by revision, each in one
 * transaction of Kafka, each only behind the book that it was planned on. One server at a time: an
 * advisory lock holds the others off, and Kafka fences whoever had been writing before.
 *
 * <p>What the topic has is read, never remembered, so that it does not matter where either side
 * died. It has the revision: the outbox forgets it. It has what the revision was planned on: the
 * revision is written. It has something else, because a job deployed its directory, because Kafka
 * was lost, or because the control database is new: {@link RuleMerge} brings both together.
 */
final class RuleRelay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RuleRelay.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long PAUSE_MILLIS = 1_000;
  private static final long LOOK_MILLIS = 3_000;
  private static final Revisions.Note FOUND = new Revisions.Note("", "adopted", "");

  private final ControlDatabase database;
  private final RuleHome home;
  private final RuleTopic topic;
  private final Supplier<RuleBook> seen;
  private final DeployedSet compiler = new DeployedSet();
  private final Clock clock;
  private final DeploymentWatch watch;
  private final Thread thread;
  private final Object news = new Object();
  private @Nullable RuleTopicWriter writer;
  private @Nullable RuleBook compared;
  private boolean nudged;
  private volatile long published = -1;
  private volatile boolean topicExists;
  private volatile boolean kafkaAway;
  private volatile boolean opening;
  private volatile boolean closed;

  /**
   * @param seen the book that was last read from the topic by someone who follows it
   * @param watch told before Kafka is, and when Kafka has it and the control database does not know
   *     that yet
   */
  RuleRelay(
      ControlDatabase database,
      RuleHome home,
      RuleTopic topic,
      Supplier<RuleBook> seen,
      Clock clock,
      DeploymentWatch watch) {
    this.database = database;
    this.home = home;
    this.topic = topic;
    this.seen = seen;
    this.clock = clock;
    this.watch = watch;
    this.thread = new Thread(this::run, "rule-relay");
    thread.setDaemon(true);
  }

  RuleRelay start() {
    thread.start();
    return this;
  }

  /** There may be something to tell. */
  void nudge() {
    synchronized (news) {
      nudged = true;
      news.notifyAll();
    }
  }

  /** The topic has another book: if nobody here has told it that, it is looked at. */
  void heard(RuleBook book) {
    if (!hasPublished(book.revision())) {
      nudge();
    }
  }

  /** Whether the topic is known to have {@code revision}, and the control database what it has. */
  boolean hasPublished(long revision) {
    return published >= revision;
  }

  /**
   * Waits until the topic has {@code revision}; no longer than {@code patience}, and not at all
   * while Kafka is known to be away.
   */
  boolean awaitPublished(long revision, Duration patience) {
    nudge();
    long deadline = System.nanoTime() + patience.toNanos();
    synchronized (news) {
      while (published < revision && !closed && !kafkaAway) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0 || !waited(left)) {
          break;
        }
      }
      return published >= revision;
    }
  }

  private boolean waited(long millis) {
    try {
      news.wait(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void run() {
    while (!closed) {
      long pause = LOOK_MILLIS;
      try {
        while (!closed && step()) {
          LOG.debug("One step further");
        }
        setKafkaAway(false);
      } catch (DeploymentConflictException fenced) {
        LOG.debug("Another writer took over", fenced);
        leave();
        pause = 20;
      } catch (KafkaException e) {
        LOG.warn("Rules wait for Kafka: {}", e.getMessage());
        leave();
        setKafkaAway(true);
        pause = PAUSE_MILLIS;
      } catch (DatabaseUnavailableException e) {
        LOG.warn("The control database does not answer: {}", e.getMessage());
        leave();
        pause = PAUSE_MILLIS;
      } catch (RuntimeException e) {
        LOG.error("Rules cannot be told to Kafka", e);
        leave();
        pause = PAUSE_MILLIS;
      }
      pause(pause);
    }
    leave();
  }

  private void setKafkaAway(boolean away) {
    synchronized (news) {
      kafkaAway = away;
      news.notifyAll();
    }
  }

  private void pause(long millis) {
    synchronized (news) {
      if (!nudged && !closed) {
        boolean unused = waited(millis);
      } else if (kafkaAway && !closed) {
        boolean unused = waited(Math.min(millis, PAUSE_MILLIS));
      }
      nudged = false;
    }
  }

  private void leave() {
    RuleTopicWriter old = writer;
    writer = null;
    if (old != null) {
      try {
        old.close();
      } catch (InterruptException e) {
        LOG.debug("Told to end while the producer ended", e);
      }
    }
  }

  /**
   * Goes one step.
   *
   * @return whether there may be another
   */
  boolean step() {
    return database.inTenant(
        ControlDatabase.SYSTEM, transaction -> isMine(transaction) && step(transaction));
  }

  private static boolean isMine(TenantTransaction transaction) {
    return transaction
        .query("SELECT pg_try_advisory_xact_lock(hashtextextended(:tenant, 17))")
        .mapTo(Boolean.class)
        .one();
  }

  private boolean step(TenantTransaction transaction) {
    Optional<RuleHead> head = home.head(transaction);
    Optional<Waiting> next = home.nextWaiting(transaction);
    if (head.isPresent() && next.isEmpty() && writer != null && !isTopicAhead(head.get())) {
      told(head.get().published());
      return false;
    }
    boolean fresh = writer == null;
    RuleTopicWriter open = writer();
    if (head.isPresent() && isSame(head.get(), open)) {
      return done(transaction, open.revision(), open.hash());
    }
    if (next.isPresent() && next.get().baseHash().equals(open.hash())) {
      return publish(transaction, open, next.get());
    }
    if (home.isWaiting(transaction, open.revision(), open.hash())) {
      boolean unused = done(transaction, open.revision(), open.hash());
      return true;
    }
    if (!fresh) {
      // Another server may have written since this one read: only what was read now is sure.
      leave();
      return true;
    }
    reconcile(transaction, open);
    return true;
  }

  private boolean isTopicAhead(RuleHead head) {
    RuleBook book = seen.get();
    if (book == compared) {
      return false;
    }
    boolean ahead =
        book.revision() > head.revision()
            || (book.revision() == head.revision() && !book.hash().equals(head.hash()));
    if (ahead) {
      leave();
    }
    compared = book;
    return ahead;
  }

  private static boolean isSame(RuleHead head, RuleTopicWriter open) {
    return head.revision() == open.revision() && head.hash().equals(open.hash());
  }

  private RuleTopicWriter writer() {
    RuleTopicWriter open = writer;
    if (open == null) {
      opening = true;
      try {
        open = opened();
      } finally {
        opening = false;
      }
      writer = open;
    }
    return open;
  }

  private RuleTopicWriter opened() {
    if (!topicExists) {
      topic.create();
      topicExists = true;
    }
    return topic.writer(PATIENCE);
  }

  private boolean done(TenantTransaction transaction, long revision, String hash) {
    home.published(transaction, revision, hash);
    told(revision);
    return false;
  }

  private boolean publish(TenantTransaction transaction, RuleTopicWriter open, Waiting next) {
    watch.at(Step.TAKEN, next.revision());
    open.write(RecordBytes.read(next.records()), next.revision(), next.hash());
    watch.at(Step.WRITTEN, next.revision());
    home.published(transaction, next.revision(), next.hash());
    told(next.revision());
    return home.isAnyWaiting(transaction);
  }

  private void told(long revision) {
    synchronized (news) {
      published = revision;
      kafkaAway = false;
      news.notifyAll();
    }
  }

  /** The topic has what nobody recorded, or has lost what was. */
  private void reconcile(TenantTransaction transaction, RuleTopicWriter open) {
    Optional<RuleHead> head = home.lockedHead(transaction);
    RuleBook theirs = open.read().book();
    RuleBook mine = head.isPresent() ? home.book(transaction, head.get()) : RuleBook.EMPTY;
    long told = head.map(RuleHead::published).orElse(0L);
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    Plan merged = RuleMerge.plan(mine, told, theirs, "tidewatch", micros, compiler::refused);
    home.adopt(transaction, theirs, open.read().records(), "", clock.instant());
    RuleHistory.add(transaction, mine, merged.after(), FOUND, clock.instant());
    if (merged.isEmpty()) {
      LOG.info("Revision {} of the topic is adopted", theirs.revision());
    } else {
      home.record(transaction, theirs, merged, "", clock.instant());
      LOG.warn(
          "The topic had revision {} and the control database {}: both are in {}, {} rules changed",
          theirs.revision(),
          mine.revision(),
          merged.after().revision(),
          merged.changed().size());
    }
  }

  /** A step may end; who only waits for Kafka to be there is not waited for. */
  @Override
  public void close() {
    closed = true;
    nudge();
    RunningRules.end(thread, () -> opening);
  }
}
