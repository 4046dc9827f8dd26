package dev.tidewatch.control.alert;

import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.events.v1.Entity;
import dev.tidewatch.events.v1.Stage;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * An alert filter on rows in memory, with the meaning it has in the store's queries: the feed polls
 * once for all subscribers and each takes its own.
 */
record AlertFilterMatch(AlertFilter filter) implements Predicate<AlertRow> {
  @Override
  public boolean test(AlertRow row) {
    return filter.getShadow() == (row.getStage() == Stage.STAGE_SHADOW)
        && inTime(row.getTimeMs())
        && (filter.getLevelsCount() == 0 || filter.getLevelsList().contains(row.getLevel()))
        && (filter.getRuleId().isEmpty() || filter.getRuleId().equals(row.getRuleId()))
        && hasEntity(row, "host", filter.getHost())
        && hasEntity(row, "user", filter.getUser())
        && hasTechnique(row)
        && hasWords(row);
  }

  private boolean inTime(long timeMs) {
    return timeMs >= filter.getFromMs() && (filter.getToMs() == 0 || timeMs < filter.getToMs());
  }

  private static boolean hasEntity(AlertRow row, String kind, String value) {
    return value.isEmpty()
        || row.getEntitiesList().stream()
            .anyMatch(entity -> entity.getKind().equals(kind) && entity.getValue().equals(value));
  }

  /** A technique covers its sub-techniques. */
  private boolean hasTechnique(AlertRow row) {
    String asked = filter.getTechniqueId().toUpperCase(Locale.ROOT);
    return asked.isEmpty()
        || row.getTechniqueIdsList().stream()
            .anyMatch(technique -> technique.equals(asked) || technique.startsWith(asked + "."));
  }

  private boolean hasWords(AlertRow row) {
    return FieldChecks.split(filter.getText()).stream()
        .map(word -> word.toLowerCase(Locale.ROOT))
        .allMatch(word -> contains(row, word));
  }

  private static boolean contains(AlertRow row, String word) {
    return has(row.getTitle(), word)
        || has(row.getReason(), word)
        || row.getEntitiesList().stream().map(Entity::getValue).anyMatch(value -> has(value, word));
  }

  private static boolean has(String text, String lowerCaseWord) {
    return text.toLowerCase(Locale.ROOT).contains(lowerCaseWord);
  }
}
