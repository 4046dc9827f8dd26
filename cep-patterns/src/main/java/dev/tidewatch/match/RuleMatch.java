package dev.tidewatch.match;

import dev.tidewatch.sigma.SigmaRule;
import java.util.List;

/**
 * A rule that fired on an event.
 *
 * @param fields the predicates that held and made it fire, in rule order
 */
public record RuleMatch(SigmaRule rule, List<Field> fields) {
  /**
   * @param field Sigma name, empty for a keyword
   * @param value what the event had
   * @param selection name of the detection's selection
   * @param operator equals, contains, startswith, endswith, re, cidr, exists, null, keyword, ...
   * @param pattern what the rule asked for
   */
  public record Field(
      String field, String value, String selection, String operator, String pattern) {}
}
