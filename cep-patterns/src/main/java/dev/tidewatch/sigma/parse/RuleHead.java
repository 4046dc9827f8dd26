package dev.tidewatch.sigma.parse;

import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.events.LogSource;
import java.util.List;

/**
 * Everything of a rule but its detection. Absent texts are empty.
 *
 * @param idPlace where the id stands; the document's start where there is none
 * @param logSource lower case
 */
public record RuleHead(
    String id,
    Place idPlace,
    String name,
    String title,
    String description,
    String author,
    String status,
    String level,
    LogSource logSource,
    List<String> tags,
    List<String> falsePositives,
    List<String> references) {
  public RuleHead {
    tags = List.copyOf(tags);
    falsePositives = List.copyOf(falsePositives);
    references = List.copyOf(references);
  }
}
