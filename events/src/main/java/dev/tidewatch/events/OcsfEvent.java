package dev.tidewatch.events;

import java.util.Map;

/**
 * OCSF class and the columns people filter by.
 *
 * @param classUid OCSF class, 0 (Base Event) when nothing better is known
 * @param className its caption, e.g. {@code Process Activity}
 * @param activityId OCSF activity of the class, 0 unknown
 * @param columns OCSF attribute path to value, e.g. {@code process.cmd_line}; only those that are
 *     set; keys are of {@link #COLUMNS}
 * @param summary one line for a list
 */
public record OcsfEvent(
    int classUid, String className, int activityId, Map<String, String> columns, String summary) {
  public OcsfEvent {
    columns = Map.copyOf(columns);
  }
}
