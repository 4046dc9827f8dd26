package dev.tidewatch.agent.spool;

/**
 * One record as it lies in the spool: a batch of events.
 *
 * @param sequence counted from 1, never used twice
 * @param timeMillis when it was appended
 * @param events how many events are in it
 * @param bytes not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record SpoolRecord(long sequence, long timeMillis, int events, byte[] bytes) {}
