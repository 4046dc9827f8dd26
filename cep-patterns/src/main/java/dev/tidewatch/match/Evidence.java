package dev.tidewatch.match;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what made a rule fire, without repeats. */
final class Evidence {
  /** A keyword found in the raw line shows only what is around it. */
  private static final int MAX_VALUE = 4_096;

  private final Set<RuleMatch.Field> fields;
  private final String selection;

  Evidence() {
    this(new LinkedHashSet<>(), "");
  }

  private Evidence(Set<RuleMatch.Field> fields, String selection) {
    this.fields = fields;
    this.selection = selection;
  }

  Evidence under(String name) {
    return new Evidence(fields, name);
  }

  void add(String field, String value, String operator, String pattern) {
    String shown = value.length() > MAX_VALUE ? cut(value) : value;
    fields.add(new RuleMatch.Field(field, shown, selection, operator, pattern));
  }

  private static String cut(String value) {
    int end = Character.isHighSurrogate(value.charAt(MAX_VALUE - 1)) ? MAX_VALUE - 1 : MAX_VALUE;
    return value.substring(0, end) + "…";
  }

  List<RuleMatch.Field> fields() {
    return new ArrayList<>(fields);
  }
}
