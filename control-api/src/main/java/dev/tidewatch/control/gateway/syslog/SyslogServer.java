package dev.tidewatch.control.gateway.syslog;

import dev.tidewatch.control.gateway.ingest.ConnectionLimits;
import dev.tidewatch.control.gateway.ingest.InFlight;
import dev.tidewatch.control.gateway.ingest.Ingest;
import dev.tidewatch.control.gateway.ingest.IngestMetrics;
import dev.tidewatch.control.gateway.ingest.IngestMetrics.Way;
import dev.tidewatch.control.gateway.ingest.Quotas;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Listens for syslog on TCP and TLS ports. */
public final class SyslogServer implements AutoCloseable {
  private static final int THREADS = 2;
  private final EventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(THREADS, NioIoHandler.newFactory());
  private final List<Channel> ports = new ArrayList<>();

  /**
   * What connections need.
   *
   * @param maxBytes of one message
   * @param maxConnections over all ports
   * @param connections how many there are
   * @param served whether events of a tenant are taken now
   * @param perAddress counts connections by where they come from
   */
  public record Services(
      Ingest ingest,
      InFlight inFlight,
      Quotas quotas,
      IngestMetrics metrics,
      Executor workers,
      Clock clock,
      int maxBytes,
      int maxConnections,
      Duration idle,
      AtomicInteger connections,
      Predicate<String> served,
      ConnectionLimits perAddress) {}

  private SyslogServer() {}

  /**
   * @param tls for listeners that ask for it
   * @throws IOException that names the port which is taken
   */
  public static SyslogServer start(
      String bindAddress, List<SyslogListener> listeners, Services services, SslContext tls)
      throws IOException {
    SyslogServer server = new SyslogServer();
    for (SyslogListener listener : listeners) {
      try {
        server.ports.add(server.bind(bindAddress, listener, services, tls));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        server.close();
        throw new IOException("interrupted", e);
      } catch (Exception e) {
        server.close();
        throw new IOException(
            "gateway.syslog.port: %s:%d: %s"
                .formatted(bindAddress, listener.port(), e.getMessage()),
            e);
      }
    }
    return server;
  }

  private Channel bind(String address, SyslogListener listener, Services services, SslContext tls)
      throws InterruptedException {
    return new ServerBootstrap()
        .group(threads)
        .channel(NioServerSocketChannel.class)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                accept(channel, listener, services, listener.tls() ? tls : null);
              }
            })
        .bind(new InetSocketAddress(address, listener.port()))
        .sync()
        .channel();
  }

  private static void accept(
      Channel channel, SyslogListener listener, Services services, @Nullable SslContext tls) {
    if (services.connections().get() >= services.maxConnections()) {
      channel.close();
      return;
    }
    if (tls != null) {
      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
    }
    services.perAddress().guard(channel.pipeline());
    channel
        .pipeline()
        .addLast(new IdleStateHandler(services.idle().toMillis(), 0, 0, TimeUnit.MILLISECONDS))
        .addLast(
            new SyslogFrames(
                services.maxBytes(),
                () -> services.metrics().refused(listener.tenant(), Way.SYSLOG, "TOO_LARGE", 1)))
        .addLast(new SyslogConnection(services, listener));
  }

  /** The ports that are listened on, in the order of the listeners. */
  public List<Integer> boundPorts() {
    return ports.stream()
        .map(channel -> ((InetSocketAddress) channel.localAddress()).getPort())
        .toList();
  }

  @Override
  public void close() {
    ports.forEach(channel -> channel.close().awaitUninterruptibly(1_000));
    threads.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3_000);
  }
}
