package dev.tidewatch.benchmarks.ingest;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.ingest.v1.AgentMessage;
import dev.tidewatch.ingest.v1.Batch;
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
 * One agent: a connection of its own over mutual TLS, its stream, and as many batches as it is told
 * to send, as fast as credit and transport allow. With none to send it is idle.
 */
final class LoadAgent
    implements ClientResponseObserver<AgentMessage, GatewayMessage>, AutoCloseable {
  private final ManagedChannel channel;
  private final Prepared batches;
  private final long total;
  private final CompletableFuture<Long> done = new CompletableFuture<>();
  private final CompletableFuture<Boolean> welcome = new CompletableFuture<>();
  private @Nullable ClientCallStreamObserver<AgentMessage> stream;
  private long sent;
  private long sentBytes;
  private long granted;
  private boolean greeted;

  /**
   * A batch that is sent again and again, with numbers of its own.
   *
   * @param template without its number
   * @param cost in credit
   */
  record Prepared(Batch template, long cost) {}

  LoadAgent(
      int port,
      Identities identities,
      int number,
      EventLoopGroup threads,
      Prepared batches,
      long total)
      throws SSLException {
    this.batches = batches;
    this.total = total;
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
    return welcome;
  }

  /** Completes with the time (nanoseconds) at which the last batch was acknowledged. */
  CompletableFuture<Long> done() {
    return done;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<AgentMessage> call) {
    stream = call;
    call.setOnReadyHandler(this::pump);
  }

  /** Begins to send. */
  synchronized void pump() {
    ClientCallStreamObserver<AgentMessage> call = stream;
    if (call == null) {
      return;
    }
    if (!greeted) {
      greeted = true;
      call.onNext(hello());
      return;
    }
    while (welcome.isDone() && sent < total && sentBytes < granted && call.isReady()) {
      sentBytes += batches.cost();
      sent++;
      call.onNext(
          AgentMessage.newBuilder()
              .setBatch(batches.template().toBuilder().setSequence(sent))
              .build());
    }
  }

  private static AgentMessage hello() {
    return AgentMessage.newBuilder()
        .setHello(
            Hello.newBuilder()
                .setAgentVersion("bench")
                .setSpoolId(EventIds.bytes(EventIds.next()))
                .setHardwareFingerprint(ByteString.EMPTY))
        .build();
  }

  @Override
  public synchronized void onNext(GatewayMessage message) {
    switch (message.getMessageCase()) {
      case WELCOME -> {
        granted = message.getWelcome().getGrantedBytes();
        welcome.complete(true);
      }
      case CREDIT -> granted = message.getCredit().getGrantedBytes();
      case ACKNOWLEDGEMENT -> {
        if (message.getAcknowledgement().getRefusalsCount() > 0) {
          onError(new IllegalStateException("refused: " + message.getAcknowledgement()));
        } else if (message.getAcknowledgement().getSequence() >= total) {
          done.complete(System.nanoTime());
        }
      }
      default -> {}
    }
    if (total > 0) {
      pump();
    }
  }

  @Override
  public void onError(Throwable failure) {
    welcome.completeExceptionally(failure);
    done.completeExceptionally(failure);
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
