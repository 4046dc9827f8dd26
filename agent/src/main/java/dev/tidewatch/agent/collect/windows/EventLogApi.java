package dev.tidewatch.agent.collect.windows;

import java.util.List;

/**
 * What is needed of {@code wevtapi.dll}. Handles are numbers; every one that is given out has to be
 * closed. One thread uses it.
 */
interface EventLogApi extends AutoCloseable {
  /** From where a subscription begins. */
  enum Start {
    FUTURE,
    OLDEST,
    BOOKMARK
  }

  /**
   * Subscribes to a channel.
   *
   * @param query XPath, {@code *} for all
   * @param bookmark for {@link Start#BOOKMARK}; else 0
   */
  long subscribe(String channel, String query, long bookmark, Start start) throws EventLogException;

  /**
   * Waits until a subscription may have events.
   *
   * @return whether one may
   */
  boolean await(int millis) throws EventLogException;

  /** The next events, at most {@code most}; none: there are none now. */
  List<Long> next(long subscription, int most) throws EventLogException;

  /**
   * An event as XML.
   *
   * @param maxBytes more are {@link EventLogException#TOO_LARGE}
   */
  String render(long event, int maxBytes) throws EventLogException;

  /**
   * @param xml of an earlier bookmark; empty: a new one
   */
  long createBookmark(String xml) throws EventLogException;

  /** Moves a bookmark to an event. */
  void update(long bookmark, long event) throws EventLogException;

  String renderBookmark(long bookmark) throws EventLogException;

  void close(long handle);

  @Override
  void close();
}
