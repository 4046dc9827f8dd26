package dev.tidewatch.agent.collect.windows;

import com.google.protobuf.ByteString;
import dev.tidewatch.agent.collect.Collector;
import dev.tidewatch.agent.collect.Emitter;
import dev.tidewatch.agent.collect.Sources;
import dev.tidewatch.agent.collect.windows.EventLogApi.Start;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Channels of the Windows event log. Every event is told at least once, also over restarts: the
 * bookmark is kept after the spool has the event. An event that cannot be read is counted as lost.
 */
public final class WindowsEventCollector implements Collector {
  private static final Logger LOG = System.getLogger(WindowsEventCollector.class.getName());
  private static final int AT_ONCE = 64;
  private static final int WAKE_MILLIS = 1000;
  private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final WindowsEventOptions options;
  private final Opening opening;
  private final EventXml xml = new EventXml();
  private final Bookmarks bookmarks;

  /** Opens the log. */
  interface Opening {
    EventLogApi open() throws IOException;
  }

  private record Channel(String name, long subscription, long bookmark) {}

  public WindowsEventCollector(WindowsEventOptions options) {
    this(options, NativeEventLog::open);
  }

  WindowsEventCollector(WindowsEventOptions options, Opening opening) {
    this.options = options;
    this.opening = opening;
    this.bookmarks = new Bookmarks(options.bookmarks());
  }

  @Override
  public String name() {
    return "windows";
  }

  @Override
  public Optional<String> unavailable() {
    if (options.channels().isEmpty()) {
      return Optional.of("no channels are configured");
    }
    return Sources.product().equals("windows")
        ? Optional.empty()
        : Optional.of("there is no Windows event log on " + Sources.product());
  }

  @Override
  public boolean canWait() {
    return true;
  }

  @Override
  public void run(Emitter emitter) throws IOException, InterruptedException {
    Files.createDirectories(options.bookmarks().toAbsolutePath().getParent());
    bookmarks.load();
    List<Channel> channels = new ArrayList<>();
    try (EventLogApi log = opening.open()) {
      try {
        subscribe(log, channels);
        follow(log, channels, emitter);
      } finally {
        for (Channel channel : channels) {
          log.close(channel.subscription());
          log.close(channel.bookmark());
        }
      }
    }
  }

  /** A channel that is not there, as Sysmon's often is not, leaves the others. */
  private void subscribe(EventLogApi log, List<Channel> into) throws IOException {
    EventLogException last = null;
    for (String name : options.channels()) {
      String kept = bookmarks.of(name);
      Start start =
          !kept.isEmpty() ? Start.BOOKMARK : options.fromBeginning() ? Start.OLDEST : Start.FUTURE;
      try {
        long bookmark = log.createBookmark(kept);
        try {
          long from = start == Start.BOOKMARK ? bookmark : 0;
          into.add(new Channel(name, log.subscribe(name, "*", from, start), bookmark));
        } catch (EventLogException e) {
          log.close(bookmark);
          throw e;
        }
      } catch (EventLogException e) {
        last = e;
        LOG.log(Level.WARNING, "not read: {0}", e.getMessage());
      }
    }
    if (into.isEmpty() && last != null) {
      throw last;
    }
  }

  private void follow(EventLogApi log, List<Channel> channels, Emitter emitter)
      throws IOException, InterruptedException {
    long saved = System.nanoTime();
    boolean unsaved = false;
    while (true) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      boolean some = false;
      for (Channel channel : channels) {
        some |= read(log, channel, emitter);
      }
      unsaved |= some;
      if (unsaved && (!some || System.nanoTime() - saved > SAVE_NANOS)) {
        save(log, channels, emitter);
        saved = System.nanoTime();
        unsaved = false;
      }
      if (!some) {
        boolean unused = log.await(WAKE_MILLIS);
      }
    }
  }

  private boolean read(EventLogApi log, Channel channel, Emitter emitter)
      throws IOException, InterruptedException {
    List<Long> events = log.next(channel.subscription(), AT_ONCE);
    int told = 0;
    try {
      for (Long event : events) {
        tell(log, channel, event, emitter);
        log.update(channel.bookmark(), event);
        told++;
      }
    } finally {
      events.forEach(log::close);
    }
    return told > 0;
  }

  private void tell(EventLogApi log, Channel channel, long event, Emitter emitter)
      throws IOException, InterruptedException {
    ByteString json;
    try {
      json = xml.toJson(log.render(event, options.maxEventBytes()));
    } catch (IOException e) {
      emitter.countLost(1);
      LOG.log(Level.WARNING, "{0}: {1}", channel.name(), e.getMessage());
      return;
    }
    emitter.emit(Sources.RECOGNISED, channel.name(), json, emitter.clock().millis() * 1000);
  }

  private void save(EventLogApi log, List<Channel> channels, Emitter emitter)
      throws IOException, InterruptedException {
    emitter.flush();
    for (Channel channel : channels) {
      String kept = log.renderBookmark(channel.bookmark());
      if (kept.contains("RecordId")) {
        bookmarks.put(channel.name(), kept);
      }
    }
    bookmarks.save();
  }
}
