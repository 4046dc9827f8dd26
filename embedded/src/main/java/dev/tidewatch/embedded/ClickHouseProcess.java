package dev.tidewatch.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidewatch.embedded.clickhouse.ClickHouseServerMain;
import dev.tidewatch.embedded.clickhouse.ServerSettings;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One life of the ClickHouse process. */
final class ClickHouseProcess {
  private static final long START_SECONDS = 120;
  private static final long STOP_SECONDS = 30;
  private static final long MAX_LOG_BYTES = 10L << 20;

  /** Classes of each library that the process needs; it gets these and nothing else. */
  private static final List<String> NEEDED =
      List.of(
          "dev.tidewatch.embedded.clickhouse.ClickHouseServerMain",
          "com.sun.jna.Native",
          "com.clickhouse.data.ClickHouseCityHash",
          "net.jpountz.lz4.LZ4Factory",
          "com.github.luben.zstd.Zstd",
          "org.jspecify.annotations.Nullable");

  /**
   * The engine's jemalloc gives freed memory back after 0.1 s. By default it keeps it for 10 s, and
   * a process limited to 512 MB of queries grows to 1.5 GB.
   */
  private static final String ALLOCATOR =
      "background_thread:true,narenas:4,dirty_decay_ms:100,muzzy_decay_ms:0";

  private final Process process;
  private final int port;

  private ClickHouseProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it and waits until it answers or says why it does not. */
  static ClickHouseProcess launch(ServerSettings settings, Path logFile) {
    Process process = null;
    boolean ready = false;
    try {
      Files.createDirectories(settings.dataDirectory());
      keepOneOldLog(logFile);
      process = builder(settings, logFile).start();
      ClickHouseProcess launched =
          new ClickHouseProcess(process, readPort(firstLine(process), logFile));
      ready = true;
      return launched;
    } catch (IOException e) {
      throw new EmbeddedServerException("ClickHouse cannot be started: " + e, e);
    } finally {
      if (process != null && !ready) {
        process.destroyForcibly();
      }
    }
  }

  private static void keepOneOldLog(Path logFile) throws IOException {
    if (Files.exists(logFile) && Files.size(logFile) > MAX_LOG_BYTES) {
      Path old = logFile.resolveSibling(logFile.getFileName() + ".1");
      Files.move(logFile, old, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static ProcessBuilder builder(ServerSettings settings, Path logFile) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmArguments(settings));
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classpath()));
    command.add(ClickHouseServerMain.class.getName());
    command.addAll(settings.toArguments());
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put("TZ", "UTC");
    environment.putIfAbsent("JE_MALLOC_CONF", ALLOCATOR);
    environment.put(ServerSettings.PASSWORD_VARIABLE, settings.password());
    environment.remove("JAVA_TOOL_OPTIONS");
    builder.directory(settings.dataDirectory().toFile());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
    return builder;
  }

  private static List<String> jvmArguments(ServerSettings settings) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:ErrorFile=" + settings.dataDirectory().resolve("crash-%p.log"),
                "-Dfile.encoding=UTF-8",
                "-Duser.timezone=UTC",
                "-Dsun.net.httpserver.nodelay=true",
                // Seconds from the first byte of a request to its last.
                "-Dsun.net.httpserver.maxReqTime=600",
                "-Dsun.net.httpserver.idleInterval=60"));
    if (Runtime.version().feature() >= 22) {
      arguments.add("--enable-native-access=ALL-UNNAMED");
    }
    return arguments;
  }

  private static Set<String> classpath() {
    Set<String> entries = new LinkedHashSet<>();
    for (String name : NEEDED) {
      entries.add(locationOf(name));
    }
    return entries;
  }

  private static String locationOf(String className) {
    try {
      CodeSource source =
          Class.forName(className, false, ClickHouseProcess.class.getClassLoader())
              .getProtectionDomain()
              .getCodeSource();
      if (source != null) {
        return Path.of(source.getLocation().toURI()).toString();
      }
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new EmbeddedServerException("ClickHouse needs " + className + " on the classpath", e);
    }
    throw new EmbeddedServerException("no file holds " + className);
  }

  /** The first line of standard output; the rest is read and dropped, so that it never blocks. */
  private static @Nullable String firstLine(Process process) {
    CompletableFuture<@Nullable String> line = new CompletableFuture<>();
    Thread reader = new Thread(() -> read(process, line), "clickhouse-stdout");
    reader.setDaemon(true);
    reader.start();
    try {
      return line.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new EmbeddedServerException(
          "ClickHouse did not start within " + START_SECONDS + " s", e);
    } catch (ExecutionException e) {
      throw new EmbeddedServerException("ClickHouse did not start: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedServerException("interrupted while ClickHouse started", e);
    }
  }

  private static void read(Process process, CompletableFuture<@Nullable String> first) {
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      first.complete(out.readLine());
      while (out.readLine() != null) {}
    } catch (IOException e) {
      first.completeExceptionally(e);
    }
  }

  private static int readPort(@Nullable String line, Path logFile) {
    if (line != null && line.startsWith(ClickHouseServerMain.READY)) {
      return Integer.parseInt(line.substring(ClickHouseServerMain.READY.length()).strip());
    }
    if (line != null && line.startsWith(ClickHouseServerMain.FAILED)) {
      throw new EmbeddedServerException(line.substring(ClickHouseServerMain.FAILED.length()));
    }
    throw new EmbeddedServerException(
        "ClickHouse ended while it started"
            + (line == null ? "" : " (" + line + ")")
            + "; see "
            + logFile);
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  CompletableFuture<Integer> onExit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** The end of its input tells the process to stop. */
  void stop() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It is gone already, or will be below.
    }
    if (!waitFor(STOP_SECONDS)) {
      kill();
    }
  }

  void kill() {
    process.destroyForcibly();
    if (!waitFor(STOP_SECONDS)) {
      throw new EmbeddedServerException("ClickHouse process " + pid() + " does not end");
    }
  }

  private boolean waitFor(long seconds) {
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }
}
