package dev.tidewatch.sigma;

import dev.tidewatch.events.LogSource;
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
    String source) {}
