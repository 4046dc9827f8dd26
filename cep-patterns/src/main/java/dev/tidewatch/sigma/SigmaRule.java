package dev.tidewatch.sigma;

import dev.tidewatch.events.LogSource;
import dev.tidewatch.sigma.ir.Detection;
import java.util.List;

/**
 * A rule that compiled: its head, and its detection ready to be matched.
 *
 * @param id the rule's id; the file's name where the rule has none
 * @param version 1 until rules are deployed with versions
 * @param hash first 16 hex digits of SHA-256 over {@code source}
 * @param level informational, low, medium, high or critical
 * @param techniqueIds from tags, upper case: {@code T1059.001}
 * @param tactics from tags, short names with hyphens: {@code credential-access}
 * @param file where it came from
 * @param source its YAML
 * @param name by which correlations and filters may refer to it; empty for most
 * @param detection with the filters that apply to the rule
 */
public record SigmaRule(
    String id,
    int version,
    String hash,
    String title,
    String description,
    String author,
    String status,
    String level,
    LogSource logSource,
    List<String> tags,
    List<String> techniqueIds,
    List<String> tactics,
    List<String> falsePositives,
    List<String> references,
    String file,
    String source,
    String name,
    Detection detection) {
  public SigmaRule {
    tags = List.copyOf(tags);
    techniqueIds = List.copyOf(techniqueIds);
    tactics = List.copyOf(tactics);
    falsePositives = List.copyOf(falsePositives);
    references = List.copyOf(references);
  }

  /** The same rule with another detection. */
  public SigmaRule withDetection(Detection changed) {
    return new SigmaRule(
        id,
        version,
        hash,
        title,
        description,
        author,
        status,
        level,
        logSource,
        tags,
        techniqueIds,
        tactics,
        falsePositives,
        references,
        file,
        source,
        name,
        changed);
  }

  /** The same rule as another version. */
  public SigmaRule withVersion(int changed) {
    return new SigmaRule(
        id,
        changed,
        hash,
        title,
        description,
        author,
        status,
        level,
        logSource,
        tags,
        techniqueIds,
        tactics,
        falsePositives,
        references,
        file,
        source,
        name,
        detection);
  }

  /** Title and id, for messages; a record's own text would print the whole source. */
  @Override
  public String toString() {
    return title + " (" + id + ")";
  }
}
