package dev.tidewatch.agent.send;

import dev.tidewatch.agent.spool.Spool;
import dev.tidewatch.agent.spool.SpoolRecord;
import dev.tidewatch.ingest.v1.Acknowledgement;
import dev.tidewatch.ingest.v1.AgentMessage;
import dev.tidewatch.ingest.v1.Batch;
import dev.tidewatch.ingest.v1.GatewayMessage;
import dev.tidewatch.ingest.v1.Heartbeat;
import dev.tidewatch.ingest.v1.Hello;
import dev.tidewatch.ingest.v1.Refusal;
import dev.tidewatch.ingest.v1.Welcome;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One stream, from hello to its end. gRPC calls the observer; one thread runs {@link #drive}. */
final class Session implements ClientResponseObserver<AgentMessage, GatewayMessage> {
  private static final Logger LOG = System.getLogger(Session.class.getName());
  private static final long LOOK_MILLIS = 500;
  private static final long LOOK_UPLOADING_MILLIS = 10;
  private static final long LEAST_HEARTBEAT_MILLIS = 100;

  private final Spool spool;
  private final Replies replies;
  private final GatewayListener listener;
  private final Supplier<Heartbeat> heartbeats;
  private final SenderCounts counts;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private @Nullable ClientCallStreamObserver<AgentMessage> gateway;
  private @Nullable Welcome welcome;
  private @Nullable Status ended;
  private long granted;
  private long sentBytes;

  Session(
      Spool spool,
      Replies replies,
      GatewayListener listener,
      Supplier<Heartbeat> heartbeats,
      SenderCounts counts) {
    this.spool = spool;
    this.replies = replies;
    this.listener = listener;
    this.heartbeats = heartbeats;
    this.counts = counts;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<AgentMessage> requests) {
    gateway = requests;
    requests.setOnReadyHandler(() -> change(() -> {}));
  }

  @Override
  public void onNext(GatewayMessage message) {
    try {
      switch (message.getMessageCase()) {
        case WELCOME ->
            change(
                () -> {
                  welcome = message.getWelcome();
                  granted = Math.max(granted, message.getWelcome().getGrantedBytes());
                });
        case CREDIT ->
            change(() -> granted = Math.max(granted, message.getCredit().getGrantedBytes()));
        case ACKNOWLEDGEMENT -> acknowledged(message.getAcknowledgement());
        case COMMAND -> listener.command(message.getCommand());
        case CONFIGURATION -> listener.configuration(message.getConfiguration());
        case EVIDENCE_ACKNOWLEDGEMENT -> {
          replies.acknowledged(message.getEvidenceAcknowledgement());
          change(() -> {});
        }
        case COMMAND_RESULT_ACKNOWLEDGEMENT ->
            replies.acknowledged(message.getCommandResultAcknowledgement());
        case MESSAGE_NOT_SET -> LOG.log(Level.DEBUG, "a message of a newer gateway");
      }
    } catch (IOException | IllegalArgumentException e) {
      end(Status.INTERNAL.withDescription(String.valueOf(e.getMessage())));
    }
  }

  private void acknowledged(Acknowledgement acknowledgement) throws IOException {
    for (Refusal refusal : acknowledgement.getRefusalsList()) {
      counts.refused();
      LOG.log(
          Level.WARNING,
          "the gateway refuses event {0} of batch {1}: {2} {3}",
          refusal.getEvent(),
          refusal.getSequence(),
          refusal.getReason(),
          refusal.getDetail());
    }
    counts.sent(spool.acknowledge(acknowledgement.getSequence()));
  }

  @Override
  public void onError(Throwable failure) {
    change(() -> ended = Status.fromThrowable(failure));
  }

  @Override
  public void onCompleted() {
    change(() -> ended = Status.UNAVAILABLE.withDescription("the gateway ended the stream"));
  }

  /** Ends the stream from this side. */
  void end(Status status) {
    ClientCallStreamObserver<AgentMessage> open = gateway;
    if (open != null) {
      open.cancel(status.getDescription(), null);
    }
    change(() -> ended = ended == null ? status : ended);
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says hello and sends until the stream ends.
   *
   * @param onWelcome called when the gateway has said welcome
   * @return why it ended
   */
  Status drive(Hello hello, long welcomeMillis, Runnable onWelcome)
      throws IOException, InterruptedException {
    send(AgentMessage.newBuilder().setHello(hello).build());
    Welcome granted = awaitWelcome(welcomeMillis);
    if (granted == null) {
      end(Status.DEADLINE_EXCEEDED.withDescription("the gateway does not say welcome"));
      return status();
    }
    onWelcome.run();
    replies.restart();
    long known = Math.min(granted.getAcknowledgedSequence(), spool.stats().lastSequence());
    counts.sent(spool.acknowledge(known));
    long next = Math.max(known, spool.acknowledged()) + 1;
    long beatMillis = Math.max(LEAST_HEARTBEAT_MILLIS, granted.getHeartbeatIntervalMs());
    long beatAt = System.nanoTime();
    while (!hasEnded()) {
      if (System.nanoTime() - beatAt >= 0) {
        send(AgentMessage.newBuilder().setHeartbeat(heartbeats.get()).build());
        beatAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(beatMillis);
      }
      next = sendSome(next);
    }
    return status();
  }

  private long sendSome(long next) throws IOException, InterruptedException {
    Optional<AgentMessage> reply = replies.next();
    if (reply.isPresent()) {
      send(reply.get());
      return next;
    }
    long pause = replies.isUploading() ? LOOK_UPLOADING_MILLIS : LOOK_MILLIS;
    if (!maySend()) {
      awaitChange(pause);
      return next;
    }
    List<SpoolRecord> records = spool.read(next, 1, Long.MAX_VALUE);
    if (records.isEmpty()) {
      boolean unused = spool.await(next, pause);
      return next;
    }
    SpoolRecord record = records.get(0);
    Batch batch = Batch.parseFrom(record.bytes());
    sentBytes +=
        batch.hasCompressed()
            ? Integer.toUnsignedLong(batch.getCompressed().getUncompressedBytes())
            : batch.getPlain().getSerializedSize();
    send(
        AgentMessage.newBuilder()
            .setBatch(batch.toBuilder().setSequence(record.sequence()))
            .build());
    return record.sequence() + 1;
  }

  private boolean maySend() {
    lock.lock();
    try {
      ClientCallStreamObserver<AgentMessage> open = gateway;
      return open != null && open.isReady() && sentBytes < granted;
    } finally {
      lock.unlock();
    }
  }

  private void send(AgentMessage message) {
    ClientCallStreamObserver<AgentMessage> open = gateway;
    if (open != null && !hasEnded()) {
      try {
        open.onNext(message);
      } catch (IllegalStateException e) {
        // The stream has ended between the question and the call; why comes through onError.
        LOG.log(Level.DEBUG, "the stream has ended", e);
      }
    }
  }

  private @Nullable Welcome awaitWelcome(long millis) throws InterruptedException {
    long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lockInterruptibly();
    try {
      while (welcome == null && ended == null && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return ended == null ? welcome : null;
    } finally {
      lock.unlock();
    }
  }

  private void awaitChange(long millis) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (ended == null) {
        boolean unused = changed.await(millis, TimeUnit.MILLISECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean hasEnded() {
    lock.lock();
    try {
      return ended != null;
    } finally {
      lock.unlock();
    }
  }

  private Status status() {
    lock.lock();
    try {
      return ended == null ? Status.UNKNOWN : ended;
    } finally {
      lock.unlock();
    }
  }
}
