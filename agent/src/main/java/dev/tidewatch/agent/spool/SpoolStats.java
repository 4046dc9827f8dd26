package dev.tidewatch.agent.spool;

/**
 * What lies in a spool, and what became of the rest since it was opened.
 *
 * @param lastSequence of the newest record; 0: there never was one
 * @param acknowledged highest acknowledged sequence
 * @param events that wait for an acknowledgement
 * @param bytes of all segments on disk
 * @param appended events since opening
 * @param droppedFull unacknowledged events deleted because the spool or the disk was full
 * @param droppedAge unacknowledged events deleted because of their age
 * @param lostCorrupt unacknowledged events that cannot be read back: damaged records
 * @param tornBytes bytes cut off the end of the last segment at opening: half a record
 * @param blocked how often an append had to wait
 * @param oldestAgeMillis how long the oldest segment that waits has been there; 0: nothing waits
 */
public record SpoolStats(
    long lastSequence,
    long acknowledged,
    long events,
    long bytes,
    long appended,
    long droppedFull,
    long droppedAge,
    long lostCorrupt,
    long tornBytes,
    long blocked,
    long oldestAgeMillis) {
  public long dropped() {
    return droppedFull + droppedAge + lostCorrupt;
  }
}
