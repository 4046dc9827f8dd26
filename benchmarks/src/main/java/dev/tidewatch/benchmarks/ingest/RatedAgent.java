package dev.tidewatch.benchmarks.ingest;

import dev.tidewatch.events.EventIds;
import dev.tidewatch.ingest.v1.AgentEvent;
import dev.tidewatch.ingest.v1.AgentMessage;
import dev.tidewatch.ingest.v1.Batch;
import dev.tidewatch.ingest.v1.EventBlock;
import dev.tidewatch.ingest.v1.GatewayMessage;
import dev.tidewatch.ingest.v1.Hello;
import dev.tidewatch.ingest.v1.TelemetryServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One agent that is handed events as they happen, and sends what has come together when its oldest
 * has waited for the linger, as the real one does. Events wait for credit like those of the real
 * one's spool.
 */
final class RatedAgent
    implements ClientResponseObserver<AgentMessage, GatewayMessage>, AutoCloseable {
  private final ManagedChannel channel;
  private final long lingerNanos;
  private final CompletableFuture<Boolean> welcome = new CompletableFuture<>();
  private @Nullable ClientCallStreamObserver<AgentMessage> stream;
  private @Nullable Throwable failure;
  private EventBlock.Builder block = EventBlock.newBuilder();
  private long oldest;
  private long sequence;
  private long acknowledged;
  private long sentBytes;
  private long granted;

  RatedAgent(int port, Identities identities, int number, EventLoopGroup threads, long lingerNanos)
      throws SSLException {
    this.lingerNanos = lingerNanos;
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .sslContext(
                GrpcSslContexts.forClient()
                    .keyManager(identities.key(), identities.certificates().get(number))
                    .trustManager(identities.root())
                    .protocols("TLSv1.3")
                    .build())
            .eventLoopGroup(threads)
            .channelType(NioSocketChannel.class)
            .directExecutor()
            .build();
  }

  /** Opens the stream; completes when the gateway has said welcome. */
  CompletableFuture<Boolean> open() {
    var unused = TelemetryServiceGrpc.newStub(channel).stream(this);
    ClientCallStreamObserver<AgentMessage> call = stream;
    if (call != null) {
      call.onNext(
          AgentMessage.newBuilder()
              .setHello(
                  Hello.newBuilder()
                      .setAgentVersion("bench")
                      .setSpoolId(EventIds.bytes(EventIds.next())))
              .build());
    }
    return welcome;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<AgentMessage> call) {
    stream = call;
  }

  /** Takes an event, now. */
  synchronized void hand(AgentEvent event, long now) {
    if (block.getEventsCount() == 0) {
      oldest = now;
    }
    block.addEvents(event);
  }

  /** Sends what is due. */
  synchronized void tick(long now) {
    ClientCallStreamObserver<AgentMessage> call = stream;
    if (call == null
        || block.getEventsCount() == 0
        || now - oldest < lingerNanos
        || sentBytes >= granted) {
      return;
    }
    EventBlock due = block.build();
    block = EventBlock.newBuilder();
    sentBytes += due.getSerializedSize();
    sequence++;
    call.onNext(
        AgentMessage.newBuilder()
            .setBatch(Batch.newBuilder().setSequence(sequence).setPlain(due))
            .build());
  }

  /** Batches that were sent and not acknowledged. */
  synchronized long outstanding() {
    if (failure != null) {
      throw new IllegalStateException("a stream has ended", failure);
    }
    return sequence - acknowledged + block.getEventsCount();
  }

  @Override
  public synchronized void onNext(GatewayMessage message) {
    switch (message.getMessageCase()) {
      case WELCOME -> {
        granted = message.getWelcome().getGrantedBytes();
        welcome.complete(true);
      }
      case CREDIT -> granted = message.getCredit().getGrantedBytes();
      case ACKNOWLEDGEMENT -> acknowledged = message.getAcknowledgement().getSequence();
      default -> {}
    }
  }

  @Override
  public void onError(Throwable cause) {
    synchronized (this) {
      failure = cause;
    }
    welcome.completeExceptionally(cause);
  }

  @Override
  public void onCompleted() {
    onError(new IllegalStateException("the gateway ended the stream"));
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
