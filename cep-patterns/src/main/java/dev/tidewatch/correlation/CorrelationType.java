package dev.tidewatch.correlation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Sigma's correlation types. */
public enum CorrelationType {
  EVENT_COUNT,
  VALUE_COUNT,
  TEMPORAL,
  TEMPORAL_ORDERED,
  VALUE_SUM,
  VALUE_AVG,
  VALUE_PERCENTILE;

  /** As Sigma writes it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<CorrelationType> of(String text) {
    return Arrays.stream(values()).filter(type -> type.text().equals(text)).findFirst();
  }

  public static List<String> texts() {
    return Arrays.stream(values()).map(CorrelationType::text).toList();
  }

  /** Whether the condition names fields whose values count. */
  public boolean readsValues() {
    return this == VALUE_COUNT || readsNumbers();
  }

  /** Whether those values are numbers. */
  public boolean readsNumbers() {
    return this == VALUE_SUM || this == VALUE_AVG || this == VALUE_PERCENTILE;
  }

  /** Whether it asks which rules fired rather than how often. */
  public boolean isTemporal() {
    return this == TEMPORAL || this == TEMPORAL_ORDERED;
  }
}
