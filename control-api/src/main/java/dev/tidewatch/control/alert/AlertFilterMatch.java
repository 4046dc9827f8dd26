package dev.tidewatch.control.alert;

import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.TriageState;
import dev.tidewatch.control.v1.Verdict;
import dev.tidewatch.events.v1.Entity;
import dev.tidewatch.events.v1.Stage;
import dev.tidewatch.store.SearchWord;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        && isTriaged(row)
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

  /** Whether the row stands as is asked for. */
  boolean isTriaged(AlertRow row) {
    boolean open =
        row.getVerdict() == Verdict.VERDICT_UNSPECIFIED || row.getVerdict() == Verdict.VERDICT_OPEN;
    TriageState state =
        !open
            ? TriageState.TRIAGE_STATE_CLOSED
            : row.getAssignee().isEmpty()
                ? TriageState.TRIAGE_STATE_NEW
                : TriageState.TRIAGE_STATE_ASSIGNED;
    Verdict verdict = open ? Verdict.VERDICT_OPEN : row.getVerdict();
    return (filter.getStatesCount() == 0 || filter.getStatesList().contains(state))
        && (filter.getVerdictsCount() == 0 || filter.getVerdictsList().contains(verdict))
        && (filter.getAssigneesCount() == 0
            || filter.getAssigneesList().contains(row.getAssignee()));
  }

  private boolean hasWords(AlertRow row) {
    if (filter.getText().isBlank()) {
      return true;
    }
    String text =
        Stream.concat(
                Stream.of(row.getTitle(), row.getReason()),
                row.getEntitiesList().stream().map(Entity::getValue))
            .collect(Collectors.joining("\n"))
            .toLowerCase(Locale.ROOT);
    return FieldChecks.split(filter.getText()).stream()
        .allMatch(word -> SearchWord.of(word).isIn(text));
  }
}
