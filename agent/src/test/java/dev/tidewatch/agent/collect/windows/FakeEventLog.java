package dev.tidewatch.agent.collect.windows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** An event log as Windows behaves: channels, handles that must be closed, bookmarks by record. */
final class FakeEventLog {
  private final Map<String, List<String>> channels = new ConcurrentHashMap<>();
  private final Map<Long, Object> open = new ConcurrentHashMap<>();
  private long lastHandle;
  private volatile int breakAfter = Integer.MAX_VALUE;

  private static final class Subscription {
    private final String channel;
    private int next;

    Subscription(String channel, int next) {
      this.channel = channel;
      this.next = next;
    }
  }

  private static final class Mark {
    private String channel = "";
    private int record = -1;
  }

  private record Event(String channel, int record) {}

  /** As Windows signals again for what nobody has read yet. */
  private static final int LONGEST_WAIT_MILLIS = 20;

  private final Semaphore news = new Semaphore(0);

  void channel(String name) {
    channels.put(name, java.util.Collections.synchronizedList(new ArrayList<>()));
  }

  void log(String channel, String xml) {
    channels.get(channel).add(xml);
    news.release();
  }

  /** After so many events Windows fails. */
  void breakAfter(int events) {
    breakAfter = events;
  }

  int openHandles() {
    return open.size();
  }

  EventLogApi open() {
    return new Api();
  }

  private final class Api implements EventLogApi {

    private long handle(Object what) {
      open.put(++lastHandle, what);
      return lastHandle;
    }

    @Override
    public long subscribe(String channel, String query, long bookmark, Start start)
        throws EventLogException {
      List<String> events = channels.get(channel);
      if (events == null) {
        throw new EventLogException("the channel " + channel, EventLogException.CHANNEL_NOT_FOUND);
      }
      int next =
          switch (start) {
            case FUTURE -> events.size();
            case OLDEST -> 0;
            case BOOKMARK -> ((Mark) open.get(bookmark)).record + 1;
          };
      return handle(new Subscription(channel, next));
    }

    @Override
    public boolean await(int millis) {
      try {
        boolean unused =
            news.tryAcquire(Math.min(millis, LONGEST_WAIT_MILLIS), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return true;
    }

    @Override
    public List<Long> next(long subscription, int most) throws EventLogException {
      Subscription from = (Subscription) open.get(subscription);
      List<Long> handles = new ArrayList<>();
      while (handles.size() < most && from.next < channels.get(from.channel).size()) {
        if (breakAfter-- <= 0) {
          handles.forEach(this::close);
          throw new EventLogException("the next events", EventLogException.QUERY_RESULT_STALE);
        }
        handles.add(handle(new Event(from.channel, from.next++)));
      }
      return handles;
    }

    @Override
    public String render(long event, int maxBytes) throws EventLogException {
      Event found = (Event) open.get(event);
      String xml = channels.get(found.channel()).get(found.record());
      if (xml.length() > maxBytes) {
        throw new EventLogException("an event", EventLogException.TOO_LARGE);
      }
      return xml;
    }

    @Override
    public long createBookmark(String xml) {
      Mark mark = new Mark();
      var parts = java.util.regex.Pattern.compile("Channel='(.*)' RecordId='(\\d+)'").matcher(xml);
      if (parts.find()) {
        mark.channel = parts.group(1);
        mark.record = Integer.parseInt(parts.group(2));
      }
      return handle(mark);
    }

    @Override
    public void update(long bookmark, long event) {
      Event to = (Event) open.get(event);
      Mark mark = (Mark) open.get(bookmark);
      mark.channel = to.channel();
      mark.record = to.record();
    }

    @Override
    public String renderBookmark(long bookmark) {
      Mark mark = (Mark) open.get(bookmark);
      return mark.record < 0
          ? "<BookmarkList></BookmarkList>"
          : "<BookmarkList>\r\n  <Bookmark Channel='%s' RecordId='%d' IsCurrent='true'/>\r\n</BookmarkList>"
              .formatted(mark.channel, mark.record);
    }

    @Override
    public void close(long handle) {
      if (open.remove(handle) == null) {
        throw new IllegalStateException("handle " + handle + " is closed twice");
      }
    }

    @Override
    public void close() {}
  }
}
