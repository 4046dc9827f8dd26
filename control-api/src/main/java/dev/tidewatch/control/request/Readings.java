package dev.tidewatch.control.request;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * Who may read the event store now.
 *
 * @param searches each is a query or several of its own: lists, groups, summaries
 * @param lookups by id: those that come together are one query, so more of them may be under way
 */
public record Readings(Admission searches, Admission lookups) {
  public static Readings within(Admission.Limits limits) {
    return new Readings(
        new Admission(limits),
        new Admission(
            new Admission.Limits(
                Math.max(limits.atOnce(), limits.waiting()),
                limits.waiting(),
                limits.longestWait())));
  }

  public void bindTo(MeterRegistry metrics) {
    searches.bindTo(metrics, "search");
    lookups.bindTo(metrics, "lookup");
  }
}
