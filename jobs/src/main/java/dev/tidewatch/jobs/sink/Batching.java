package dev.tidewatch.jobs.sink;

import java.io.Serializable;
import java.time.Duration;

/**
 * How rows are batched and sent again.
 *
 * @param rows most rows of a batch
 * @param bytes a batch that reached this is full
 * @param interval a row waits at most this long for its batch to fill
 * @param inFlight full batches that wait before the sender waits too
 * @param backoff first pause before a batch is sent again; doubles, with jitter
 * @param backoffMax longest pause
 */
public record Batching(
    int rows, long bytes, Duration interval, int inFlight, Duration backoff, Duration backoffMax)
    implements Serializable {}
