package dev.tidewatch.control.pipeline;

import java.util.function.Predicate;

/**
 * Figures of the running job, by the ids that Flink's REST API gives the metrics of its operators:
 * the operator's name, blanks and colons as {@code _}, then the metric's.
 */
enum JobFigure {
  /** Kafka's source counts what it has been told of and has not read. */
  PENDING(id -> id.endsWith(".pendingRecords")),
  LATE(id -> id.endsWith(".lateEvents")),
  SOURCE_OUT(id -> id.startsWith("Source__") && id.endsWith(".numRecordsOut")),
  READ(id -> id.equals("match.numRecordsIn")),
  MATCHED(id -> id.equals("match.events")),
  UNREADABLE(id -> id.equals("match.deadLetters")),
  MATCH_FAILURES(id -> id.equals("match.matchFailures")),
  MATCH_ALERTS(id -> id.equals("match.alerts")),
  REMEMBERED(id -> id.startsWith("remember_") && id.endsWith(".matches")),
  RULE_FAILURES(id -> id.startsWith("remember_") && id.endsWith(".ruleFailures")),
  EPISODES(id -> id.equals("rate_ceiling.numRecordsOut")),
  ROWS_REFUSED(id -> id.endsWith(".rowsRefused"));

  private final Predicate<String> isOf;

  JobFigure(Predicate<String> isOf) {
    this.isOf = isOf;
  }

  boolean isOf(String metric) {
    return isOf.test(metric);
  }
}
