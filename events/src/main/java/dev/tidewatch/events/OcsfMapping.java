package dev.tidewatch.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns an event into OCSF: class, columns by {@link OcsfColumns}, one line to show. */
final class OcsfMapping {
  private static final String NATIVE = "ocsf";
  private static final FieldName CLASS_UID = FieldName.of("class_uid");
  private static final FieldName ACTIVITY_ID = FieldName.of("activity_id");
  private static final FieldName CLASS_NAME = FieldName.of("class_name");

  private static final Map<Integer, String> CLASSES = classes();
  private static final OcsfColumns COLUMNS = new OcsfColumns(Table.read("ocsf-columns.table"));
  private static final OcsfSummaries SUMMARIES =
      new OcsfSummaries(Table.read("ocsf-summaries.table"));

  private OcsfMapping() {}

  private static Map<Integer, String> classes() {
    Map<Integer, String> classes = new TreeMap<>();
    for (Table.Row row : Table.read("ocsf-classes.table")) {
      classes.put(Integer.valueOf(row.get("class")), row.get("caption"));
    }
    return Map.copyOf(classes);
  }

  /** Caption of a class, {@code Base Event} for one that is not in the table. */
  static String caption(int classUid) {
    return CLASSES.getOrDefault(classUid, CLASSES.getOrDefault(0, ""));
  }

  static OcsfEvent of(EventDocument event, Recognition recognition) {
    String family = recognition.shape().family();
    @Nullable String[] values = new @Nullable String[OcsfEvent.COLUMNS.size()];
    if (family.equals(NATIVE)) {
      return ofNative(event, values);
    }
    OcsfColumns.Rule[] rules = COLUMNS.rules(family, recognition.classUid());
    OcsfColumns.fill(rules, event, recognition.status(), values);
    return event(
        event,
        recognition.classUid(),
        caption(recognition.classUid()),
        recognition.activityId(),
        values);
  }

  /** The event is OCSF already: attributes are columns. */
  private static OcsfEvent ofNative(EventDocument event, @Nullable String[] values) {
    for (int i = 0; i < values.length; i++) {
      OcsfEvent.Column column = OcsfEvent.COLUMNS.get(i);
      String text = text(event, FieldName.of(column.name()));
      String value = text.isEmpty() ? "" : OcsfText.of(column.type(), text);
      values[i] = value.isEmpty() ? null : value;
    }
    int classUid = number(event, CLASS_UID);
    String caption = text(event, CLASS_NAME);
    return event(
        event,
        classUid,
        caption.isEmpty() ? caption(classUid) : OcsfText.cut(caption, 100),
        number(event, ACTIVITY_ID),
        values);
  }

  private static String text(EventDocument event, FieldName field) {
    JsonNode value = event.payload().first(field);
    return value == null || !value.isValueNode() || value.isNull()
        ? ""
        : OcsfText.clean(value.asText());
  }

  private static int number(EventDocument event, FieldName field) {
    JsonNode value = event.payload().first(field);
    return value != null && value.canConvertToInt() && value.intValue() >= 0 ? value.intValue() : 0;
  }

  private static OcsfEvent event(
      EventDocument event,
      int classUid,
      String className,
      int activityId,
      @Nullable String[] values) {
    Map<String, String> columns = new HashMap<>(32);
    for (int i = 0; i < values.length; i++) {
      String value = values[i];
      if (value != null) {
        columns.put(OcsfEvent.COLUMNS.get(i).name(), value);
      }
    }
    String summary =
        SUMMARIES.of(classUid, activityId, values, event, className + " (" + event.shape() + ")");
    return new OcsfEvent(classUid, className, activityId, columns, summary);
  }
}
