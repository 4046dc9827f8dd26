package dev.tidewatch.agent.collect.process;

import com.google.protobuf.ByteString;
import dev.tidewatch.agent.collect.Collector;
import dev.tidewatch.agent.collect.Emitter;
import dev.tidewatch.agent.collect.FileHashes;
import dev.tidewatch.agent.collect.Sources;
import dev.tidewatch.agent.collect.UserNames;
import dev.tidewatch.agent.collect.kernel.ThreadPriority;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Processes that start and end. */
public final class ProcessCollector implements Collector {
  private static final Logger LOG = System.getLogger(ProcessCollector.class.getName());
  private static final int WAITING = 4096;
  private static final int LISTENER_NICE = -15;

  /** Of signals, after which images are taken though nobody asked for one. */
  private static final int TAKE_IMAGES = 64;

  private static final int UNKNOWN_STATUS = -1;
  private static final int SAME_MILLIS = 100;

  private final ProcessOptions options;
  private final ProcFs proc;
  private final ProcessEvents events;
  private final RecentProcesses recent;

  public ProcessCollector(ProcessOptions options) {
    this(options, new RecentProcesses());
  }

  /**
   * @param recent is told of every program that starts
   */
  public ProcessCollector(ProcessOptions options, RecentProcesses recent) {
    this.recent = recent;
    this.options = options;
    this.proc = new ProcFs(options.proc(), options.maxCommandLine());
    this.events =
        new ProcessEvents(new UserNames(options.passwd()), new FileHashes(options.maxHashBytes()));
  }

  /** Something to tell, as it was read; hashing and JSON come later. */
  private record Seen(ProcessInfo process, @Nullable ProcessInfo parent, int status, long micros) {}

  @Override
  public String name() {
    return "process";
  }

  @Override
  public Optional<String> unavailable() {
    return Files.isDirectory(options.proc().resolve("self"))
        ? Optional.empty()
        : Optional.of("there is no " + options.proc());
  }

  @Override
  public boolean canWait() {
    return false;
  }

  @Override
  public void run(Emitter emitter) throws IOException, InterruptedException {
    BlockingQueue<Seen> queue = new ArrayBlockingQueue<>(WAITING);
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    Thread listener = new Thread(() -> listen(queue, emitter, failure), "collect-process-listener");
    listener.setDaemon(true);
    listener.start();
    try {
      while (true) {
        Seen seen = queue.poll(1, TimeUnit.SECONDS);
        Exception failed = failure.get();
        if (seen != null) {
          tell(seen, emitter);
        } else if (failed != null) {
          throw new IOException(failed.getMessage(), failed);
        }
      }
    } finally {
      listener.interrupt();
      listener.join(2000);
    }
  }

  private void tell(Seen seen, Emitter emitter) throws IOException, InterruptedException {
    if (seen.parent() != null) {
      ByteString json = events.started(seen.process(), seen.parent(), seen.micros());
      emitter.emit(Sources.PROCESS_CREATION, "", json, seen.micros());
    } else if (options.exits()) {
      ByteString json = events.ended(seen.process(), seen.status(), seen.micros());
      emitter.emit(Sources.PROCESS_TERMINATION, "", json, seen.micros());
    }
  }

  private void listen(
      BlockingQueue<Seen> queue, Emitter emitter, AtomicReference<@Nullable Exception> failure) {
    try {
      Optional<ProcessConnector> connector = connector();
      if (connector.isPresent()) {
        try (ProcessConnector open = connector.get();
            ExecutedImages images = ExecutedImages.open()) {
          new Listener(queue, emitter, images).connect(open);
        }
      } else {
        new Listener(queue, emitter, ExecutedImages.NONE).poll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      failure.set(e);
    }
  }

  private Optional<ProcessConnector> connector() {
    if (!options.connector()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ProcessConnector.open());
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "{0}; looking at /proc every {1} ms instead, which misses short-lived processes",
          e.getMessage(),
          options.pollInterval().toMillis());
      return Optional.empty();
    }
  }

  /** Everything that happens in the listening thread. */
  private final class Listener {
    private final BlockingQueue<Seen> queue;
    private final Emitter emitter;
    private final ProcessTable table = new ProcessTable(proc);
    private final Set<Integer> told = new HashSet<>();
    private final Set<Integer> young = new HashSet<>();
    private final Map<Integer, Long> startTicks = new HashMap<>();
    private final ExecutedImages images;

    Listener(BlockingQueue<Seen> queue, Emitter emitter, ExecutedImages images) {
      this.images = images;
      this.queue = queue;
      this.emitter = emitter;
    }

    private long micros() {
      return emitter.clock().millis() * 1000;
    }

    void connect(ProcessConnector connector) throws IOException, InterruptedException {
      // Before others: whatever comes first here, the process or the end of what it is about.
      boolean unused = ThreadPriority.set(LISTENER_NICE);
      // Subscribed first, then the look around: nothing falls between.
      look(false);
      int taken = 0;
      while (!Thread.currentThread().isInterrupted()) {
        List<ProcessSignal> signals = connector.receive();
        for (ProcessSignal signal : signals) {
          take(signal);
        }
        if (signals.isEmpty() || ++taken % TAKE_IMAGES == 0) {
          images.take();
        }
      }
    }

    private void take(ProcessSignal signal) throws IOException, InterruptedException {
      long micros = micros();
      if (signal instanceof ProcessSignal.Forked forked) {
        table.fork(forked.parent(), forked.child(), micros / 1000);
      } else if (signal instanceof ProcessSignal.Executed executed) {
        executed(executed.pid(), micros);
      } else if (signal instanceof ProcessSignal.Exited exited) {
        gone(exited.pid(), exited.status(), micros);
      } else {
        // How many is not to be known; those that still live are found by looking.
        emitter.countLost(1);
        look(true);
      }
    }

    /** Too short-lived to be read: told with what is known, its number, parent and program. */
    private void executed(int pid, long micros) throws IOException, InterruptedException {
      int forkedBy = table.get(pid).map(ProcessInfo::parentPid).orElse(0);
      ProcessInfo process =
          proc.read(pid, micros / 1000)
              .orElseGet(() -> ProcessInfo.unknown(pid, 0, micros / 1000))
              .forkedBy(forkedBy);
      if (process.executable().isEmpty()) {
        images.take();
        process = process.withExecutable(images.of(pid).orElse(""));
      }
      if (!isToldAlready(process)) {
        started(process, micros);
      }
    }

    /**
     * Two programs right after each other, as when a launcher runs what it launches: at the first
     * signal the second was there already.
     */
    private boolean isToldAlready(ProcessInfo process) {
      return told.contains(process.pid())
          && table
              .get(process.pid())
              .filter(before -> process.startMillis() - before.startMillis() < SAME_MILLIS)
              .map(process::runsTheSame)
              .orElse(false);
    }

    private void started(ProcessInfo process, long micros)
        throws IOException, InterruptedException {
      table.put(process);
      told.add(process.pid());
      recent.started(process);
      ProcessInfo parent = table.getOrRead(process.parentPid(), micros / 1000);
      tellLater(new Seen(process, parent, 0, micros));
    }

    /** While the spool is full this waits; what the kernel keeps open for us is taken meanwhile. */
    private void tellLater(Seen seen) throws IOException, InterruptedException {
      while (!queue.offer(seen, 1, TimeUnit.SECONDS)) {
        images.take();
      }
    }

    /** A subshell that never ran a program of its own has not been told of, nor is its end. */
    private void gone(int pid, int status, long micros) throws IOException, InterruptedException {
      startTicks.remove(pid);
      young.remove(pid);
      Optional<ProcessInfo> process = table.remove(pid);
      if (told.remove(pid) && process.isPresent()) {
        tellLater(new Seen(process.get(), null, status, micros));
      }
    }

    void poll() throws IOException, InterruptedException {
      look(false);
      while (true) {
        Thread.sleep(options.pollInterval().toMillis());
        look(true);
      }
    }

    /** Compares {@code /proc} with the table; the first time only to know what is there. */
    private void look(boolean tell) throws IOException, InterruptedException {
      long micros = micros();
      Set<Integer> now = new HashSet<>(proc.pids());
      for (Integer pid : List.copyOf(table.alive().keySet())) {
        if (!now.contains(pid)) {
          gone(pid, UNKNOWN_STATUS, micros);
        }
      }
      for (Integer pid : now) {
        long ticks = proc.startTicks(pid);
        Long before = startTicks.put(pid, ticks);
        // A process that runs another program keeps its number and its start; most do that once,
        // when
        // they are young, so these are read a second time.
        boolean fresh = before == null || before != ticks;
        if (fresh || young.remove(pid) || options.connector()) {
          appeared(pid, tell, micros);
        }
        if (fresh) {
          young.add(pid);
        }
      }
    }

    private void appeared(int pid, boolean tell, long micros)
        throws IOException, InterruptedException {
      ProcessInfo process = proc.read(pid, micros / 1000).orElse(null);
      if (process == null) {
        return;
      }
      if (tell && !table.get(pid).map(process::runsTheSame).orElse(false)) {
        started(process, micros);
      } else if (!tell) {
        table.put(process);
        told.add(pid);
      }
    }
  }
}
