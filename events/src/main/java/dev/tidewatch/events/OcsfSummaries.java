package dev.tidewatch.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code ocsf-summaries.table}: one line per event, from templates by class. */
final class OcsfSummaries {
  private final Map<String, List<Template>> templates = new HashMap<>();

  /** Groups in order; one that is not optional and lacks a field voids the template. */
  private record Template(List<Group> groups) {}

  private record Group(List<Part> parts, boolean optional) {}

  /** Text, a column ({@code index >= 0}), or a field of the payload. */
  private record Part(String text, int column, @Nullable FieldName field) {}

  OcsfSummaries(List<Table.Row> rows) {
    for (Table.Row row : rows) {
      templates
          .computeIfAbsent(row.get("class"), key -> new ArrayList<>())
          .add(template(row, row.get("template")));
    }
  }

  private static Template template(Table.Row row, String text) {
    List<Group> groups = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      boolean optional = text.charAt(from) == '[';
      int end = text.indexOf(optional ? ']' : '[', from);
      int to = end < 0 ? text.length() : end;
      groups.add(new Group(parts(row, text.substring(optional ? from + 1 : from, to)), optional));
      from = optional ? to + 1 : to;
    }
    return new Template(List.copyOf(groups));
  }

  private static List<Part> parts(Table.Row row, String text) {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', from)) {
      int close = text.indexOf('}', open);
      parts.add(new Part(text.substring(from, open), -1, null));
      parts.add(reference(row, text.substring(open + 1, close)));
      from = close + 1;
    }
    parts.add(new Part(text.substring(from), -1, null));
    return List.copyOf(parts);
  }

  private static Part reference(Table.Row row, String name) {
    if (name.startsWith("$")) {
      return new Part("", -1, FieldName.of(name.substring(1)));
    }
    int column = OcsfColumns.index(name);
    if (column < 0) {
      throw row.fault("no column " + name);
    }
    return new Part("", column, null);
  }

  /** The summary, or {@code otherwise} when no template applies. */
  String of(
      int classUid,
      int activityId,
      @Nullable String[] columns,
      EventDocument event,
      String otherwise) {
    StringBuilder line = new StringBuilder(96);
    if (render(classUid + "/" + activityId, columns, event, line)
        || render(Integer.toString(classUid), columns, event, line)
        || render("*", columns, event, line)) {
      return oneLine(line);
    }
    return otherwise;
  }

  private boolean render(
      String key, @Nullable String[] columns, EventDocument event, StringBuilder line) {
    for (Template template : templates.getOrDefault(key, List.of())) {
      line.setLength(0);
      if (render(template, columns, event, line)) {
        return true;
      }
    }
    return false;
  }

  private static boolean render(
      Template template, @Nullable String[] columns, EventDocument event, StringBuilder line) {
    for (Group group : template.groups()) {
      int before = line.length();
      if (!render(group, columns, event, line)) {
        if (!group.optional()) {
          return false;
        }
        line.setLength(before);
      }
    }
    return true;
  }

  private static boolean render(
      Group group, @Nullable String[] columns, EventDocument event, StringBuilder line) {
    for (Part part : group.parts()) {
      String value = value(part, columns, event);
      if (value == null) {
        return false;
      }
      line.append(value, 0, Math.min(value.length(), 2 * OcsfEvent.MAX_SUMMARY));
    }
    return true;
  }

  private static @Nullable String value(
      Part part, @Nullable String[] columns, EventDocument event) {
    if (part.column() >= 0) {
      return columns[part.column()];
    }
    if (part.field() == null) {
      return part.text();
    }
    return joined(part.field(), event);
  }

  /** The field's texts with a dot between, as many as a line takes; null when there is none. */
  private static @Nullable String joined(FieldName field, EventDocument event) {
    List<JsonNode> values = new ArrayList<>(1);
    event.collect(field, values);
    if (values.size() == 1) {
      return text(values.get(0));
    }
    StringBuilder all = new StringBuilder();
    for (JsonNode value : values) {
      String text = text(value);
      if (text != null && all.length() < OcsfEvent.MAX_SUMMARY) {
        all.append(all.isEmpty() ? "" : " · ").append(text.strip());
      }
    }
    return all.isEmpty() ? null : all.toString();
  }

  private static @Nullable String text(JsonNode value) {
    String text = value.isValueNode() && !value.isNull() ? value.asText() : "";
    return text.isBlank() ? null : text;
  }

  /** Blanks and control characters, line breaks too, as single spaces. */
  private static String oneLine(StringBuilder line) {
    StringBuilder clean = new StringBuilder(line.length());
    boolean blank = true;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean isBlank = c <= ' ' || c == '\u007f' || isInvisible(c);
      if (!isBlank) {
        clean.append(c);
      } else if (!blank) {
        clean.append(' ');
      }
      blank = isBlank;
    }
    return OcsfText.cut(clean.toString().strip(), OcsfEvent.MAX_SUMMARY);
  }

  /** C1 controls, line separators and what turns the direction of text around. */
  private static boolean isInvisible(char c) {
    return (c >= '\u0080' && c <= '\u009f')
        || (c >= '\u200b' && c <= '\u200f')
        || (c >= '\u2028' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069')
        || c == '\ufeff';
  }
}
