package dev.tidewatch.control.gateway.syslog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.tidewatch.control.gateway.ingest.IngestMetrics.Way;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.v1.SourceHint;
import dev.tidewatch.events.v1.TelemetryEvent;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sender of syslog. Messages that arrived together are sent together; while a batch is under
 * way nothing more is read, so TCP holds the sender back. A batch that Kafka does not take is tried
 * again, with the same ids, until it does.
 */
final class SyslogConnection extends SimpleChannelInboundHandler<byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(SyslogConnection.class);
  private static final long RETRY_MILLIS = 500;
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private final SyslogServer.Services services;
  private final SyslogListener listener;
  private final SyslogMessage messages;
  private List<TelemetryEvent> batch = new ArrayList<>();
  private boolean underWay;

  SyslogConnection(SyslogServer.Services services, SyslogListener listener) {
    this.services = services;
    this.listener = listener;
    this.messages = new SyslogMessage(listener.zone(), services.clock());
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    services.connections().incrementAndGet();
    ctx.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    services.connections().decrementAndGet();
    send(ctx.channel());
    ctx.fireChannelInactive();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, byte[] message) {
    if (!services.served().test(listener.tenant())) {
      ctx.close();
      return;
    }
    ObjectNode event = messages.read(message);
    String sender = address(ctx.channel());
    if (!event.has("host")) {
      event.put("host", sender);
    }
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, services.clock().instant());
    batch.add(
        TelemetryEvent.newBuilder()
            .setTenantId(listener.tenant())
            .setEventId(EventIds.bytes(EventIds.next()))
            .setObservedTimeUs(now)
            .setIngestTimeUs(now)
            .setHost(event.path("host").asText())
            .setOrigin("syslog:" + sender)
            .setSource(hint(event))
            .setPayload(ByteString.copyFrom(event.toString().getBytes(StandardCharsets.UTF_8)))
            .build());
  }

  /** Programs are recognised from the event; what names none is a Linux syslog all the same. */
  private static SourceHint hint(ObjectNode event) {
    return event.has("program") || event.has("device_vendor")
        ? SourceHint.getDefaultInstance()
        : SourceHint.newBuilder().setProduct("linux").setService("syslog").build();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    send(ctx.channel());
    ctx.fireChannelReadComplete();
  }

  private void send(Channel channel) {
    if (underWay || batch.isEmpty()) {
      return;
    }
    underWay = true;
    read(channel, false);
    List<TelemetryEvent> sending = batch;
    batch = new ArrayList<>();
    services.workers().execute(() -> attempt(channel, sending));
  }

  /** What has closed cannot be told. */
  private static void read(Channel channel, boolean on) {
    if (channel.isActive()) {
      channel.config().setAutoRead(on);
    }
  }

  private void attempt(Channel channel, List<TelemetryEvent> sending) {
    long bytes = sending.stream().mapToLong(event -> event.getPayload().size()).sum();
    if (!services.inFlight().take(bytes)) {
      again(channel, sending);
      return;
    }
    var unused =
        services
            .ingest()
            .ingest(sending)
            .whenComplete(
                (done, failure) -> {
                  services.inFlight().release(bytes);
                  if (failure != null) {
                    services.metrics().failed(listener.tenant(), Way.SYSLOG, sending.size());
                    again(channel, sending);
                  } else {
                    taken(channel, sending.size(), bytes);
                  }
                });
  }

  private void again(Channel channel, List<TelemetryEvent> sending) {
    if (!channel.eventLoop().isShuttingDown()) {
      var unused =
          channel
              .eventLoop()
              .schedule(
                  () -> services.workers().execute(() -> attempt(channel, sending)),
                  RETRY_MILLIS,
                  TimeUnit.MILLISECONDS);
    }
  }

  private void taken(Channel channel, int events, long bytes) {
    services.metrics().accepted(listener.tenant(), Way.SYSLOG, events, bytes);
    Duration wait = services.quotas().charge(listener.tenant(), events, bytes);
    if (!wait.isZero()) {
      services.metrics().overQuota(listener.tenant(), Way.SYSLOG, events);
    }
    readAfter(channel, wait);
  }

  /** Looks again after a second at the latest: the quota may have been raised meanwhile. */
  private void readAfter(Channel channel, Duration wait) {
    long nanos = Math.min(wait.toNanos(), LONGEST_WAIT_NANOS);
    var unused = channel.eventLoop().schedule(() -> readOn(channel), nanos, TimeUnit.NANOSECONDS);
  }

  private void readOn(Channel channel) {
    if (!services.served().test(listener.tenant())) {
      channel.close();
      return;
    }
    Duration wait = services.quotas().charge(listener.tenant(), 0, 0);
    if (!wait.isZero()) {
      readAfter(channel, wait);
      return;
    }
    underWay = false;
    send(channel);
    if (!underWay) {
      read(channel, true);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof IdleStateEvent && !underWay) {
      ctx.close();
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, @Nullable Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      LOG.info(
          "syslog connection ended: from={} reason={}",
          address(ctx.channel()),
          String.valueOf(cause.getMessage()));
    } else {
      LOG.error("syslog connection failed: from={}", address(ctx.channel()), cause);
    }
    ctx.close();
  }

  private static String address(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : "unknown";
  }
}
