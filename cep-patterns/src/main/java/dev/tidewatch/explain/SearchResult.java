package dev.tidewatch.explain;

import java.util.List;

/** What became of a selection's search, part by part; no part is left out. */
public sealed interface SearchResult {
  boolean holds();

  /** All of the parts are needed. */
  record Every(boolean holds, List<SearchResult> parts) implements SearchResult {
    public Every {
      parts = List.copyOf(parts);
    }
  }

  /** One of the parts is enough. */
  record Any(boolean holds, List<SearchResult> parts) implements SearchResult {
    public Any {
      parts = List.copyOf(parts);
    }
  }

  /** {@code neq}: holds because the part does not, or the other way round. */
  record Negated(boolean holds, SearchResult part) implements SearchResult {}

  /**
   * One predicate.
   *
   * @param field Sigma name; empty for a keyword
   * @param operator equals, contains, re, cidr, ...
   * @param pattern what the rule asks for
   * @param values what the event has in the field, as text, JSON for what is no plain value; empty
   *     when it has none, and for keywords
   * @param matched the value that made it hold, as matches report it; empty text if it does not
   * @param why the reason
   * @param note more about the reason, e.g. how the event spells the field; may be empty
   */
  record Test(
      boolean holds,
      String field,
      String operator,
      String pattern,
      List<String> values,
      String matched,
      Why why,
      String note)
      implements SearchResult {
    public Test {
      values = List.copyOf(values);
    }
  }
}
