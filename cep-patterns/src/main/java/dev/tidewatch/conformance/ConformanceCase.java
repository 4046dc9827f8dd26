package dev.tidewatch.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One question to an engine, and the answer that conforms.
 *
 * @param id stable: row, name of the group, expected outcome, number
 * @param row of the semantics table
 * @param about what the case shows, one sentence
 * @param rule YAML, may hold several documents
 * @param event JSON object as its source sends it
 * @param lists values of placeholders by their names, for {@code expand}
 * @param code Tidewatch's own diagnostic of a rejected rule; other engines have others
 */
public record ConformanceCase(
    String id,
    int row,
    String about,
    String rule,
    String event,
    Map<String, List<String>> lists,
    Outcome expected,
    String code) {
  public ConformanceCase {
    lists = new LinkedHashMap<>(lists);
  }
}
