package dev.tidewatch.store;

/**
 * Which events; zero and empty do not filter.
 *
 * @param fromMillis event time, inclusive, milliseconds since the Unix epoch
 * @param toMillis exclusive
 * @param host exactly as stored
 * @param classUid OCSF class
 */
public record EventFilter(long fromMillis, long toMillis, String host, int classUid) {
  public static final EventFilter ALL = new EventFilter(0, 0, "", 0);
}
