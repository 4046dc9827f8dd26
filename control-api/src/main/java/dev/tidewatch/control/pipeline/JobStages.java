package dev.tidewatch.control.pipeline;

import dev.tidewatch.control.v1.PipelineHealth.Stage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The stages of the running job, from what it counts. Flink refreshes its counts every ten seconds,
 * so rates look back over a minute. One thread.
 */
final class JobStages {
  private static final long WINDOW_MS = 60_000;

  private record Counted(long timeMs, FlinkReading job) {}

  private final Deque<Counted> counted = new ArrayDeque<>();

  /** Empty while the job does not run. */
  List<Stage> add(long timeMs, FlinkReading job) {
    if (!job.isRunning()) {
      counted.clear();
      return List.of();
    }
    if (!counted.isEmpty() && isAnotherRun(counted.getLast().job(), job)) {
      counted.clear();
    }
    counted.addLast(new Counted(timeMs, job));
    while (counted.size() > 2 && timeMs - counted.getFirst().timeMs() > WINDOW_MS) {
      counted.removeFirst();
    }
    return List.of(
        stage("source", rate(JobFigure.SOURCE_OUT), OptionalLong.empty())
            .mergeFrom(waiting(job.pending()))
            .build(),
        stage("parse", rate(JobFigure.READ), job.figure(JobFigure.UNREADABLE)).build(),
        busy(
                stage("match", rate(JobFigure.MATCHED), job.figure(JobFigure.MATCH_FAILURES)),
                job.busyShare())
            .build(),
        stage("remember", rate(JobFigure.REMEMBERED), job.figure(JobFigure.RULE_FAILURES)).build(),
        stage("alert", alerts(), job.figure(JobFigure.ROWS_REFUSED)).build());
  }

  /** Counters begin anew when a job is submitted again or recovers. */
  private static boolean isAnotherRun(FlinkReading before, FlinkReading now) {
    return before.startedMs() != now.startedMs()
        || before.restarts() != now.restarts()
        || now.figure(JobFigure.READ).orElse(0) < before.figure(JobFigure.READ).orElse(0);
  }

  private OptionalDouble alerts() {
    OptionalDouble plain = rate(JobFigure.MATCH_ALERTS);
    OptionalDouble episodes = rate(JobFigure.EPISODES);
    return plain.isEmpty() && episodes.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(plain.orElse(0) + episodes.orElse(0));
  }

  private OptionalDouble rate(JobFigure figure) {
    Counted first = counted.getFirst();
    Counted last = counted.getLast();
    OptionalLong from = first.job().figure(figure);
    OptionalLong to = last.job().figure(figure);
    if (last.timeMs() <= first.timeMs() || from.isEmpty() || to.isEmpty()) {
      return OptionalDouble.empty();
    }
    double seconds = (last.timeMs() - first.timeMs()) / 1000.0;
    return OptionalDouble.of(Math.max(0, to.getAsLong() - from.getAsLong()) / seconds);
  }

  private static Stage.Builder stage(String name, OptionalDouble rate, OptionalLong errors) {
    Stage.Builder stage = Stage.newBuilder().setName(name);
    rate.ifPresent(stage::setRecordsPerSecond);
    errors.ifPresent(stage::setErrors);
    return stage;
  }

  private static Stage waiting(OptionalLong records) {
    Stage.Builder stage = Stage.newBuilder();
    records.ifPresent(stage::setWaiting);
    return stage.build();
  }

  private static Stage.Builder busy(Stage.Builder stage, OptionalDouble share) {
    share.ifPresent(stage::setBusyShare);
    return stage;
  }
}
