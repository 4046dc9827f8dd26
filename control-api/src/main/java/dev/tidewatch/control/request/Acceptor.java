package dev.tidewatch.control.request;

import com.linecorp.armeria.common.Flags;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.common.util.ThreadFactories;
import com.linecorp.armeria.common.util.TransportType;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The thread that accepts a port's connections. It ends with its port: by default Netty waits for
 * two seconds whether there is more to do, when everything has been closed already.
 */
final class Acceptor extends MultiThreadIoEventLoopGroup {
  private static final int SECONDS_AT_MOST = 2;

  private Acceptor(String name, IoHandlerFactory transport) {
    super(1, ThreadFactories.newThreadFactory(name, false), transport);
  }

  /**
   * Over the same transport as the server's connections.
   *
   * @param name begins the thread's
   */
  public static EventLoopGroup named(String name) {
    TransportType transport = Flags.transportType();
    return switch (transport) {
      case EPOLL -> new Acceptor(name, EpollIoHandler.newFactory());
      case NIO -> new Acceptor(name, NioIoHandler.newFactory());
      default -> EventLoopGroups.newEventLoopGroup(1, name);
    };
  }

  @Override
  public Future<?> shutdownGracefully() {
    return shutdownGracefully(0, SECONDS_AT_MOST, TimeUnit.SECONDS);
  }
}
