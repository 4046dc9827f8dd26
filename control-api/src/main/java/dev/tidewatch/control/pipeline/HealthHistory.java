package dev.tidewatch.control.pipeline;

import dev.tidewatch.control.v1.PipelineHealth;
import dev.tidewatch.control.v1.PipelineHealth.Component;
import dev.tidewatch.control.v1.PipelineHealth.Sample;
import dev.tidewatch.store.PipelineCounts;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Looks over time, and the health they add up to. A figure that the last look did not get is shown
 * as it was last known, beside the part that is down; in the samples it is absent. One thread.
 */
final class HealthHistory {
  private static final int SAMPLES = 360;

  private record Written(long timeMs, long records) {}

  private final Deque<Sample> samples = new ArrayDeque<>();
  private final PipelineHealth.Builder known = PipelineHealth.newBuilder();
  private final JobStages stages = new JobStages();
  private @Nullable Written written;
  private long newestIngestMillis;

  PipelineHealth add(Look look, int rules) {
    Sample.Builder sample = Sample.newBuilder().setTimeMs(look.timeMs());
    takeKafka(look, sample);
    takeStore(look, sample);
    look.waiting().ifPresent(records -> takeWaiting(records, sample));
    known.clearStages();
    look.job().ifPresent(job -> takeJob(look.timeMs(), job));
    known.setLagSeconds(lagSeconds(look.timeMs()));
    if (sample.hasConsumerLagRecords() && sample.hasEventsStoredPerSecond()) {
      sample.setLagSeconds(known.getLagSeconds());
    }
    remember(sample.build());
    List<Component> components = ComponentReport.of(look, known.getLagSeconds());
    return known
        .setServerTimeMs(look.timeMs())
        .setRules(rules)
        .setStatus(ComponentReport.worst(components))
        .clearComponents()
        .addAllComponents(components)
        .clearSamples()
        .addAllSamples(samples)
        .build();
  }

  private void takeKafka(Look look, Sample.Builder sample) {
    if (look.kafka().reading().isEmpty()) {
      written = null;
      return;
    }
    Written now = new Written(look.timeMs(), look.kafka().reading().get().written());
    rate(written, now)
        .ifPresent(
            rate -> {
              sample.setEventsInPerSecond(rate);
              known.setEventsInPerSecond(rate);
            });
    written = now;
  }

  /** Empty at first, and when the topic was made anew. */
  private static OptionalDouble rate(@Nullable Written before, Written now) {
    if (before == null || now.timeMs() <= before.timeMs() || now.records() < before.records()) {
      return OptionalDouble.empty();
    }
    double seconds = (now.timeMs() - before.timeMs()) / 1000.0;
    return OptionalDouble.of((now.records() - before.records()) / seconds);
  }

  private void takeStore(Look look, Sample.Builder sample) {
    look.store().reading().ifPresent(reading -> takeStore(reading, sample));
  }

  private void takeStore(StoreReading reading, Sample.Builder sample) {
    PipelineCounts counts = reading.counts();
    newestIngestMillis = counts.newestIngestMillis();
    sample.setEventsStoredPerSecond(counts.eventsPerSecond());
    sample.setAlertsPerSecond(counts.alertsPerSecond());
    known
        .setEventsStoredPerSecond(counts.eventsPerSecond())
        .setAlertsPerSecond(counts.alertsPerSecond())
        .setEventsTotal(counts.events())
        .setAlertsTotal(counts.alerts())
        .setLateEvents(counts.lateEvents())
        .setDeadLetters(counts.deadLetters())
        .clearRecentDeadLetters()
        .addAllRecentDeadLetters(reading.deadLetters())
        .clearLateBySource()
        .addAllLateBySource(reading.late());
  }

  private void takeWaiting(long records, Sample.Builder sample) {
    sample.setConsumerLagRecords(records);
    known.setConsumerLagRecords(records);
  }

  private void takeJob(long timeMs, FlinkReading job) {
    job.checkpoint().ifPresent(known::setLastCheckpoint);
    known.clearCheckpoints().addAllCheckpoints(job.checkpoints());
    job.figure(JobFigure.LATE).ifPresent(known::setLateEvents);
    known.addAllStages(stages.add(timeMs, job));
    known.clearMatchedEvents();
    job.figure(JobFigure.MATCHED).ifPresent(known::setMatchedEvents);
  }

  private double lagSeconds(long nowMs) {
    if (known.getConsumerLagRecords() == 0 || newestIngestMillis == 0) {
      return 0;
    }
    return Math.max(0, nowMs - newestIngestMillis) / 1000.0;
  }

  private void remember(Sample sample) {
    samples.addLast(sample);
    if (samples.size() > SAMPLES) {
      samples.removeFirst();
    }
  }
}
