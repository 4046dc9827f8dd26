package dev.tidewatch.control.gateway.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one address from taking all connections: so many of it may be open, fewer of those may be
 * before the end of their TLS handshake, and a handshake may take only so long. What is too much is
 * closed before a byte of it is read. Connections from loopback are counted like all others.
 */
public final class ConnectionLimits {
  private final int most;
  private final int mostHandshakes;
  private final Duration handshakeTimeout;
  private final Counter refused;
  private final Counter late;
  private final ConcurrentHashMap<InetAddress, Integer> open = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<InetAddress, Integer> handshakes = new ConcurrentHashMap<>();

  /**
   * @param handshakeTimeout from the connection's beginning
   */
  public ConnectionLimits(GatewayLimits limits, Duration handshakeTimeout, MeterRegistry metrics) {
    this.most = limits.maxConnectionsPerAddress();
    this.mostHandshakes = limits.maxHandshakesPerAddress();
    this.handshakeTimeout = handshakeTimeout;
    this.refused = counter(metrics, "address");
    this.late = counter(metrics, "handshake");
  }

  private static Counter counter(MeterRegistry metrics, String reason) {
    return Counter.builder("tidewatch.gateway.refused.connections")
        .description("closed: too many of one address, or a TLS handshake that took too long")
        .tag("reason", reason)
        .register(metrics);
  }

  /** Watches a new connection; what speaks TLS is in its pipeline already. */
  public void guard(ChannelPipeline pipeline) {
    boolean tls =
        pipeline.get(SslHandler.class) != null || pipeline.get(AbstractSniHandler.class) != null;
    pipeline.addLast(new Guard(tls));
  }

  private static int count(
      ConcurrentHashMap<InetAddress, Integer> counts, InetAddress address, int change) {
    Integer now =
        counts.compute(
            address,
            (key, before) -> {
              int after = (before == null ? 0 : before) + change;
              return after <= 0 ? null : after;
            });
    return now == null ? 0 : now;
  }

  private final class Guard extends ChannelInboundHandlerAdapter {
    private @Nullable InetAddress address;
    private boolean shakes;

    Guard(boolean tls) {
      this.shakes = tls;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
      if (ctx.channel().remoteAddress() instanceof InetSocketAddress peer) {
        address = peer.getAddress();
        boolean tooMany = count(open, peer.getAddress(), 1) > most;
        if (shakes) {
          tooMany |= count(handshakes, peer.getAddress(), 1) > mostHandshakes;
        }
        if (tooMany) {
          refused.increment();
          ctx.close();
          return;
        }
        if (shakes) {
          var unused =
              ctx.executor()
                  .schedule(() -> tooLate(ctx), handshakeTimeout.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
      super.channelActive(ctx);
    }

    private void tooLate(ChannelHandlerContext ctx) {
      if (shakes && ctx.channel().isActive()) {
        late.increment();
        ctx.close();
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
      if (event instanceof SslHandshakeCompletionEvent) {
        shaken();
      }
      super.userEventTriggered(ctx, event);
    }

    private void shaken() {
      InetAddress of = address;
      if (shakes && of != null) {
        var unused = count(handshakes, of, -1);
      }
      shakes = false;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
      shaken();
      InetAddress of = address;
      if (of != null) {
        address = null;
        var unused = count(open, of, -1);
      }
      super.channelInactive(ctx);
    }
  }
}
