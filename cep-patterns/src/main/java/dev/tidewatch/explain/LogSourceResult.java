package dev.tidewatch.explain;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.LogSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The first step: whether the rule's log source covers the event's (semantics row 17).
 *
 * @param rule what the rule asks for
 * @param event what the event was recognised as, the primary one first
 * @param covers whether the rule looks at the event at all
 * @param differences against the event's log source that is nearest to the rule's; empty if covered
 */
public record LogSourceResult(
    LogSource rule, List<LogSource> event, boolean covers, List<Difference> differences) {

  /**
   * An attribute that is not equal.
   *
   * @param attribute product, category or service
   * @param wanted by the rule
   * @param seen of the event; empty when the event's log source has none
   */
  public record Difference(String attribute, String wanted, String seen) {}

  public LogSourceResult {
    event = List.copyOf(event);
    differences = List.copyOf(differences);
  }

  static LogSourceResult of(LogSource rule, EventDocument event) {
    boolean covers = event.isCoveredBy(rule);
    List<Difference> differences =
        event.logSources().stream()
            .map(source -> differences(rule, source))
            .min(Comparator.comparingInt(List::size))
            .orElse(List.of());
    return new LogSourceResult(rule, event.logSources(), covers, covers ? List.of() : differences);
  }

  private static List<Difference> differences(LogSource rule, LogSource event) {
    List<Difference> found = new ArrayList<>();
    add(found, "product", rule.product(), event.product());
    add(found, "category", rule.category(), event.category());
    add(found, "service", rule.service(), event.service());
    return found;
  }

  private static void add(List<Difference> found, String attribute, String wanted, String seen) {
    if (!wanted.isEmpty() && !wanted.equals(seen)) {
      found.add(new Difference(attribute, wanted, seen));
    }
  }
}
