package dev.tidewatch.agent.send;

import dev.tidewatch.agent.enroll.AgentFacts;
import dev.tidewatch.agent.spool.Spool;
import dev.tidewatch.ingest.v1.Heartbeat;
import dev.tidewatch.ingest.v1.Hello;
import dev.tidewatch.ingest.v1.TelemetryServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Keeps a stream to the gateway open and sends what the spool holds. */
public final class Sender implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Sender.class.getName());

  private final Spool spool;
  private final Replies replies;
  private final AgentFacts facts;
  private final SenderOptions options;
  private final Gateway gateway;
  private final SenderCounts counts = new SenderCounts();
  private final Thread thread;
  private final Backoff backoff;
  private volatile boolean connected;
  private volatile String detail = "not tried yet";

  /**
   * What the sender asks the rest of the agent for.
   *
   * @param channels opens a channel with the present certificate
   * @param unauthenticated called when the gateway does not take the certificate
   * @param listener takes commands
   * @param heartbeats how the agent is
   * @param configurationVersion that it runs with
   */
  public record Gateway(
      Channels channels,
      Runnable unauthenticated,
      GatewayListener listener,
      Supplier<Heartbeat> heartbeats,
      LongSupplier configurationVersion) {}

  /** Opens channels. */
  public interface Channels {
    ManagedChannel open() throws GeneralSecurityException;
  }

  public Sender(
      Spool spool, Replies replies, AgentFacts facts, SenderOptions options, Gateway gateway) {
    this.spool = spool;
    this.replies = replies;
    this.facts = facts;
    this.options = options;
    this.gateway = gateway;
    this.backoff =
        new Backoff(options.firstPause(), options.longestPause(), new SplittableRandom());
    this.thread = new Thread(this::run, "sender");
    this.thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        Status status = stream();
        connected = false;
        detail = text(status);
        Duration pause = pause(status);
        LOG.log(Level.INFO, "no stream: {0}; again in {1} ms", detail, pause.toMillis());
        Thread.sleep(pause.toMillis());
      }
    } catch (InterruptedException e) {
      connected = false;
      detail = "stopped";
    }
  }

  private static String text(Status status) {
    Throwable cause = status.getCause();
    String why = status.getDescription() == null ? "" : ", " + status.getDescription();
    return status.getCode() + why + (cause == null ? "" : " (" + cause.getMessage() + ")");
  }

  private Duration pause(Status status) {
    if (status.getCode() == Status.Code.UNAUTHENTICATED) {
      gateway.unauthenticated().run();
    }
    return status.getCode() == Status.Code.PERMISSION_DENIED
        ? options.revokedPause()
        : backoff.next();
  }

  private Status stream() throws InterruptedException {
    ManagedChannel channel;
    try {
      channel = gateway.channels().open();
    } catch (GeneralSecurityException | RuntimeException e) {
      return Status.INTERNAL.withDescription("no channel: " + e.getMessage()).withCause(e);
    }
    Session session = new Session(spool, replies, gateway.listener(), gateway.heartbeats(), counts);
    try {
      var unused = TelemetryServiceGrpc.newStub(channel).stream(session);
      return session.drive(hello(), options.welcomeTimeout().toMillis(), this::welcomed);
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.ERROR, "sending failed", e);
      return Status.INTERNAL.withDescription(e.getMessage()).withCause(e);
    } finally {
      session.end(Status.CANCELLED.withDescription("done with this stream"));
      channel.shutdownNow();
    }
  }

  private void welcomed() {
    backoff.reset();
    connected = true;
    detail = "";
    counts.connected();
    LOG.log(Level.INFO, "connected; {0} events wait", spool.stats().events());
  }

  private Hello hello() {
    return Hello.newBuilder()
        .setAgentVersion(facts.version())
        .setHost(facts.host())
        .setSpoolId(spool.id())
        .setAcknowledgedSequence(spool.acknowledged())
        .setHardwareFingerprint(facts.fingerprint())
        .setConfigurationVersion(gateway.configurationVersion().getAsLong())
        .build();
  }

  public SenderStatus status() {
    return counts.status(connected, detail);
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join(5000);
  }
}
