package dev.tidewatch.store;

/**
 * Totals and rates over all tenants.
 *
 * @param events stored events, each once (beyond 50 million rows: rows, in which a redelivery
 *     counts until ClickHouse merges it); so are alerts and dead letters
 * @param alerts stored alerts
 * @param deadLetters stored dead letters
 * @param newestIngestMillis newest ingest time (entry into Tidewatch) of a stored event,
 *     milliseconds since the Unix epoch; 0 without events
 * @param newestStoredMillis when the last event was stored; 0 without events
 * @param eventsPerSecond events stored per second over the window
 * @param alertsPerSecond alerts stored per second over the window
 * @param lateEvents events stored in the window that were late
 */
public record PipelineCounts(
    long events,
    long alerts,
    long deadLetters,
    long newestIngestMillis,
    long newestStoredMillis,
    double eventsPerSecond,
    double alertsPerSecond,
    long lateEvents) {}
