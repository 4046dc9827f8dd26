package dev.tidewatch.agent.respond;

import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.KillProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Ends a process at once (SIGKILL). Never the first process, the agent, or those the agent runs in.
 */
final class KillProcessAction implements Action {
  /**
   * The kernel counts starts in hundredths of a second from its own; and we may have seen it late.
   */
  private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

  @Override
  public Outcome perform(Command command) throws Refused, InterruptedException {
    KillProcess kill = command.getKillProcess();
    ProcessHandle process =
        ProcessHandle.of(kill.getPid())
            .orElseThrow(() -> Refused.failed("not-found", "there is no process " + kill.getPid()));
    requireKillable(process);
    requireSame(process, kill);
    List<ProcessHandle> doomed =
        kill.getTree()
            ? Stream.concat(Stream.of(process), process.descendants()).toList()
            : List.of(process);
    String what =
        process.info().command().orElse("process")
            + " ("
            + kill.getPid()
            + ")"
            + (doomed.size() > 1 ? " and " + (doomed.size() - 1) + " descendants" : "");
    if (command.getDryRun()) {
      return Outcome.of("would kill " + what);
    }
    for (ProcessHandle one : doomed) {
      boolean unused = one.destroyForcibly();
    }
    awaitEnd(process);
    return Outcome.of("killed " + what);
  }

  private static void requireKillable(ProcessHandle process) throws Refused {
    boolean ours =
        Stream.iterate(
                Optional.of(ProcessHandle.current()),
                Optional::isPresent,
                one -> one.flatMap(ProcessHandle::parent))
            .flatMap(Optional::stream)
            .anyMatch(process::equals);
    if (process.pid() <= 1 || ours) {
      throw Refused.because("protected", "process " + process.pid() + " is never killed");
    }
  }

  private static void requireSame(ProcessHandle process, KillProcess kill) throws Refused {
    String executable = process.info().command().orElse("");
    if (!kill.getExecutable().isEmpty() && !kill.getExecutable().equals(executable)) {
      throw Refused.failed("changed", "process " + kill.getPid() + " is " + executable + " by now");
    }
    if (kill.getStartTimeMs() != 0) {
      Instant asked = Instant.ofEpochMilli(kill.getStartTimeMs());
      Instant started = process.info().startInstant().orElse(Instant.EPOCH);
      if (Duration.between(asked, started).abs().compareTo(START_TOLERANCE) > 0) {
        throw Refused.failed(
            "changed", "process " + kill.getPid() + " began at " + started + ", not " + asked);
      }
    }
  }

  private static void awaitEnd(ProcessHandle process) throws Refused, InterruptedException {
    try {
      process.onExit().get(5, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      if (process.isAlive()) {
        throw Refused.failed("still-alive", "process " + process.pid() + " does not end");
      }
    }
  }
}
