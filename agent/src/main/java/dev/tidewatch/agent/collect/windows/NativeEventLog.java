package dev.tidewatch.agent.collect.windows;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.Wevtapi;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinNT.HANDLE;
import com.sun.jna.platform.win32.Winevt.EVT_HANDLE;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code wevtapi.dll} through JNA, in its pull model: one signal for all subscriptions. */
final class NativeEventLog implements EventLogApi {
  private static final int SUBSCRIBE_TO_FUTURE = 1;
  private static final int SUBSCRIBE_FROM_OLDEST = 2;
  private static final int SUBSCRIBE_AFTER_BOOKMARK = 3;
  private static final int RENDER_EVENT_XML = 1;
  private static final int RENDER_BOOKMARK = 2;
  private static final int BOOKMARK_BYTES = 64 << 10;
  private static final int FIRST_BUFFER = 16 << 10;

  private final Wevtapi events;
  private final Kernel32 kernel;
  private final HANDLE signal;
  private Memory buffer = new Memory(FIRST_BUFFER);

  private NativeEventLog(Wevtapi events, Kernel32 kernel, HANDLE signal) {
    this.events = events;
    this.kernel = kernel;
    this.signal = signal;
  }

  /**
   * @throws IOException where there is no Windows
   */
  static EventLogApi open() throws IOException {
    try {
      Kernel32 kernel = Kernel32.INSTANCE;
      HANDLE signal = kernel.CreateEvent(null, true, true, null);
      if (signal == null) {
        throw new EventLogException("a signal", kernel.GetLastError());
      }
      return new NativeEventLog(Wevtapi.INSTANCE, kernel, signal);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new IOException("there is no Windows event log on this platform", e);
    }
  }

  private static @Nullable EVT_HANDLE handle(long value) {
    return value == 0 ? null : new EVT_HANDLE(new Pointer(value));
  }

  private long required(@Nullable EVT_HANDLE handle, String what) throws EventLogException {
    if (handle == null) {
      throw new EventLogException(what, kernel.GetLastError());
    }
    return Pointer.nativeValue(handle.getPointer());
  }

  @Override
  public long subscribe(String channel, String query, long bookmark, Start start)
      throws EventLogException {
    int flags =
        switch (start) {
          case FUTURE -> SUBSCRIBE_TO_FUTURE;
          case OLDEST -> SUBSCRIBE_FROM_OLDEST;
          case BOOKMARK -> SUBSCRIBE_AFTER_BOOKMARK;
        };
    EVT_HANDLE asEvent = new EVT_HANDLE(signal.getPointer());
    return required(
        events.EvtSubscribe(null, asEvent, channel, query, handle(bookmark), null, null, flags),
        "the channel " + channel);
  }

  @Override
  public boolean await(int millis) {
    boolean signalled = kernel.WaitForSingleObject(signal, millis) == WinBase.WAIT_OBJECT_0;
    // Before the events are read: what comes meanwhile signals again.
    boolean unused = kernel.ResetEvent(signal);
    return signalled;
  }

  @Override
  public List<Long> next(long subscription, int most) throws EventLogException {
    EVT_HANDLE[] found = new EVT_HANDLE[most];
    IntByReference count = new IntByReference();
    if (!events.EvtNext(handle(subscription), most, found, 0, 0, count)) {
      int error = kernel.GetLastError();
      if (error == EventLogException.NO_MORE_ITEMS || error == EventLogException.TIMEOUT) {
        return List.of();
      }
      throw new EventLogException("the next events", error);
    }
    List<Long> handles = new ArrayList<>();
    for (int i = 0; i < count.getValue(); i++) {
      handles.add(Pointer.nativeValue(found[i].getPointer()));
    }
    return handles;
  }

  @Override
  public String render(long event, int maxBytes) throws EventLogException {
    return render(event, RENDER_EVENT_XML, maxBytes, "an event");
  }

  /** Sizes are in bytes of UTF-16. */
  private String render(long handle, int flags, int maxBytes, String what)
      throws EventLogException {
    IntByReference used = new IntByReference();
    IntByReference properties = new IntByReference();
    boolean done = tryRender(handle, flags, used, properties);
    if (!done) {
      int error = kernel.GetLastError();
      if (error != EventLogException.INSUFFICIENT_BUFFER) {
        throw new EventLogException(what, error);
      }
      if (used.getValue() > 2L * maxBytes) {
        throw new EventLogException(what, EventLogException.TOO_LARGE);
      }
      buffer = new Memory(used.getValue());
      if (!tryRender(handle, flags, used, properties)) {
        throw new EventLogException(what, kernel.GetLastError());
      }
    }
    return buffer.getWideString(0);
  }

  private boolean tryRender(
      long handle, int flags, IntByReference used, IntByReference properties) {
    return events.EvtRender(
        null, handle(handle), flags, (int) buffer.size(), buffer, used, properties);
  }

  @Override
  public long createBookmark(String xml) throws EventLogException {
    return required(events.EvtCreateBookmark(xml.isEmpty() ? null : xml), "a bookmark");
  }

  @Override
  public void update(long bookmark, long event) throws EventLogException {
    if (!events.EvtUpdateBookmark(handle(bookmark), handle(event))) {
      throw new EventLogException("a bookmark", Native.getLastError());
    }
  }

  @Override
  public String renderBookmark(long bookmark) throws EventLogException {
    return render(bookmark, RENDER_BOOKMARK, BOOKMARK_BYTES, "a bookmark");
  }

  @Override
  public void close(long handle) {
    EVT_HANDLE closing = handle(handle);
    if (closing != null) {
      boolean unused = events.EvtClose(closing);
    }
  }

  @Override
  public void close() {
    boolean unused = kernel.CloseHandle(signal);
  }
}
