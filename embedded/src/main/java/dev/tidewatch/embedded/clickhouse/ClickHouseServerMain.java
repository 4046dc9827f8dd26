package dev.tidewatch.embedded.clickhouse;

import com.sun.net.httpserver.HttpServer;
import dev.tidewatch.embedded.DataDirectoryLock;
import dev.tidewatch.embedded.EmbeddedServerException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The ClickHouse process. Speaks to its parent over standard streams: prints {@code ready PORT} or
 * {@code failed REASON} once, then serves until standard input ends, which it also does when the
 * parent dies. Logs to standard error.
 */
public final class ClickHouseServerMain {
  public static final String READY = "ready ";
  public static final String FAILED = "failed ";

  private static final System.Logger LOG = System.getLogger(ClickHouseServerMain.class.getName());

  /** After its parent was killed, a predecessor needs a moment to notice and to end. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final DataDirectoryLock lock;
  private final Engine engine;
  private final HttpFront front;
  private boolean closed;

  private ClickHouseServerMain(ServerSettings settings) {
    lock = DataDirectoryLock.acquire(settings.dataDirectory(), "ClickHouse", PATIENCE);
    HttpServer server = bind(settings.port());
    Path data = settings.dataDirectory().resolve("engine");
    engine = Engine.open(settings.library(), data, settings.maxMemoryBytes());
    front = HttpFront.start(server, engine, settings);
  }

  private static HttpServer bind(int port) {
    try {
      return HttpFront.bind(port);
    } catch (IOException e) {
      throw new EmbeddedServerException(
          "ClickHouse cannot listen on 127.0.0.1:" + port + ": " + e.getMessage(), e);
    }
  }

  /**
   * @param arguments {@link ServerSettings#toArguments}
   */
  public static void main(String[] arguments) throws IOException {
    // The engine may print to standard output; the parent must see only our two lines.
    PrintStream parent = System.out;
    System.setOut(System.err);
    leaveSignalsToTheParent();
    ClickHouseServerMain server;
    try {
      String password = System.getenv().getOrDefault(ServerSettings.PASSWORD_VARIABLE, "");
      server = new ClickHouseServerMain(ServerSettings.parse(arguments, password));
    } catch (Throwable e) {
      LOG.log(System.Logger.Level.ERROR, "cannot start", e);
      parent.println(FAILED + oneLine(e));
      Runtime.getRuntime().halt(1);
      return;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
    LOG.log(System.Logger.Level.INFO, () -> "listening on 127.0.0.1:" + server.front.port());
    parent.println(READY + server.front.port());
    awaitEndOfInput();
    server.close();
    Runtime.getRuntime().halt(0);
  }

  /**
   * Ctrl-C and a closed terminal reach every process of the group. The parent stops what writes to
   * us first and then closes our input.
   */
  private static void leaveSignalsToTheParent() {
    for (String signal : List.of("INT", "HUP")) {
      try {
        Signal.handle(new Signal(signal), SignalHandler.SIG_IGN);
      } catch (IllegalArgumentException e) {
        LOG.log(System.Logger.Level.DEBUG, "no signal {0} here", signal);
      }
    }
  }

  private static String oneLine(Throwable e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.replaceAll("\\s+", " ");
  }

  private static void awaitEndOfInput() throws IOException {
    byte[] ignored = new byte[256];
    while (System.in.read(ignored) >= 0) {}
  }

  private synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    front.close();
    if (front.idle()) {
      engine.close();
    }
    lock.close();
    LOG.log(System.Logger.Level.INFO, "stopped");
  }
}
