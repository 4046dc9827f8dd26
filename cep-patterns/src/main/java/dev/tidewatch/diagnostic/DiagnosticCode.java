package dev.tidewatch.diagnostic;

import static dev.tidewatch.diagnostic.Diagnostic.Severity.ERROR;
import static dev.tidewatch.diagnostic.Diagnostic.Severity.HINT;
import static dev.tidewatch.diagnostic.Diagnostic.Severity.WARNING;

import dev.tidewatch.diagnostic.Diagnostic.Severity;

/**
 * What can be said about a rule file. The numbers are stable: a number is never given to another
 * finding. 10xx files and YAML, 11xx the rule's head, 12xx its detection, 13xx its condition, 14xx
 * filters, 15xx rule tests, 16xx correlations and references between rules, 17xx patterns. {@code
 * docs/reference/diagnostics.md} is generated from here.
 */
public enum DiagnosticCode {
  UNREADABLE_FILE(ERROR, 1001, "The file cannot be read, or is not UTF-8."),
  FILE_TOO_LARGE(ERROR, 1002, "The file is larger than the limit for rule files (1 MiB)."),
  YAML_SYNTAX(ERROR, 1003, "The file is not YAML."),
  YAML_LIMIT(ERROR, 1004, "The YAML is nested too deep, has too many nodes, or refers to itself."),
  DUPLICATE_KEY(ERROR, 1005, "A mapping has the same key twice."),
  NOT_A_RULE(ERROR, 1006, "A document is not a mapping, so it is no rule."),
  NO_DOCUMENT(ERROR, 1007, "The file holds no document."),
  YAML_FEATURE(
      ERROR, 1008, "A YAML feature that rules may not use: own tags, merge keys, complex keys."),
  ACTION_DOCUMENT(
      ERROR, 1009, "action: global, repeat and reset were removed from Sigma; write whole rules."),
  // 1010 was said of correlations before they were run.

  MISSING_TITLE(ERROR, 1101, "The rule has no title."),
  MISSING_LOGSOURCE(ERROR, 1102, "The rule has no logsource, or one that names nothing."),
  MISSING_DETECTION(ERROR, 1103, "The rule has no detection."),
  WRONG_TYPE(ERROR, 1104, "An attribute has the wrong YAML type."),
  UNKNOWN_LEVEL(ERROR, 1105, "The level is none of Sigma's five."),
  UNKNOWN_STATUS(ERROR, 1106, "The status is none of Sigma's five."),
  DUPLICATE_ID(ERROR, 1107, "Another rule of the same set has this id."),
  UNSUPPORTED_STATUS(
      ERROR, 1108, "The rule's own status is unsupported: its author says it cannot be used."),
  BAD_ID(WARNING, 1120, "The id is not a UUID."),
  BAD_DATE(WARNING, 1121, "A date is not written as YYYY-MM-DD, or is no day."),
  BAD_TAG(WARNING, 1122, "A tag does not follow namespace.name, or names no ATT&CK object."),
  MISSPELT_KEY(WARNING, 1123, "An unknown attribute looks like a misspelt known one."),
  TITLE_TOO_LONG(WARNING, 1124, "The title is longer than 256 characters."),
  IGNORED_ATTRIBUTE(WARNING, 1125, "An attribute has the wrong YAML type and is ignored."),
  MISSING_ID(HINT, 1130, "The rule has no id; its file's name stands in."),
  MISSING_LEVEL(HINT, 1131, "The rule has no level; it alerts as medium."),

  MISSING_CONDITION(ERROR, 1201, "The detection has no condition."),
  NO_SELECTION(ERROR, 1202, "The detection has no selection."),
  UNKNOWN_MODIFIER(ERROR, 1203, "A field has a modifier that Sigma does not know."),
  MODIFIER_COMBINATION(ERROR, 1204, "Modifiers that cannot stand together, or not in this order."),
  MODIFIER_TYPE(ERROR, 1205, "A modifier on a value of a type that it cannot take."),
  BAD_REGEX(ERROR, 1206, "The regular expression has a syntax error."),
  REGEX_FEATURE(
      ERROR,
      1207,
      "The regular expression needs look-around or back-references, which no linear-time engine has."),
  BAD_CIDR(ERROR, 1208, "The value of cidr is no network."),
  UNDEFINED_PLACEHOLDER(ERROR, 1209, "expand names a placeholder that has no value list."),
  NO_VALUE(ERROR, 1210, "A selection or a field has no value."),
  NESTED_VALUE(ERROR, 1211, "A value is a map or a list where a plain value is expected."),
  KEYWORD_MODIFIER(ERROR, 1212, "A keyword has a modifier that needs a field."),
  KEYWORD_VALUE(ERROR, 1213, "A keyword is neither text nor a number."),
  WILDCARD_IN_ENCODING(ERROR, 1214, "A wildcard in a value that is to be encoded."),
  DETECTION_LIMIT(ERROR, 1215, "The detection is too large or nested too deep."),
  SELECTION_TYPE(ERROR, 1216, "A selection is neither a map nor a list."),
  ALL_WITH_ONE_VALUE(WARNING, 1230, "all with a single value has no effect."),
  UNUSED_SELECTION(WARNING, 1231, "No condition uses the selection."),
  MODIFIER_WITHOUT_EFFECT(WARNING, 1232, "A modifier is repeated or has no effect here."),
  CIDR_HOST_BITS(WARNING, 1233, "A network has bits set beyond its prefix; they are ignored."),
  MODIFIER_ON_SELECTION(
      WARNING,
      1234,
      "A selection's name holds a |; modifiers belong to fields, the name is taken as it is."),
  TIMEFRAME_WITHOUT_CORRELATION(
      WARNING, 1235, "timeframe has no meaning without a correlation; it is ignored."),

  CONDITION_SYNTAX(ERROR, 1301, "The condition cannot be parsed."),
  UNKNOWN_SELECTION(ERROR, 1302, "The condition names a selection that does not exist."),
  PATTERN_WITHOUT_SELECTION(ERROR, 1303, "x of PATTERN, and no selection fits the pattern."),
  AGGREGATION(
      ERROR, 1304, "Aggregations after | and near were removed from Sigma; write a correlation."),
  CONDITION_LIMIT(ERROR, 1305, "The condition is nested too deep or too long."),
  CONDITION_NEVER_HOLDS(WARNING, 1320, "N of PATTERN asks for more selections than there are."),

  MISSING_FILTER(ERROR, 1401, "A filter document has no filter section, or no condition in it."),
  FILTER_WITHOUT_RULE(WARNING, 1420, "A filter names a rule that is not in the set."),

  BAD_RULE_TESTS(ERROR, 1501, "A .tests.yml file does not have the shape of rule tests."),

  UNKNOWN_RULE(ERROR, 1601, "A correlation or pattern refers to a rule that is not in the set."),
  REFUSED_RULE(
      ERROR, 1602, "A correlation or pattern refers to a rule that was refused, so it is too."),
  REFERENCE_CYCLE(ERROR, 1603, "A correlation or pattern refers to itself by way of others."),
  AMBIGUOUS_REFERENCE(ERROR, 1604, "A correlation or pattern refers to a name that several have."),
  MIXED_DOCUMENT(
      ERROR, 1605, "A document has more than one of detection, correlation, pattern and filter."),
  CORRELATION_TYPE(ERROR, 1606, "The type is none of Sigma's correlation types."),
  STATEFUL_KEY(ERROR, 1607, "A correlation, pattern or part of one has a key that is not known."),
  MISSING_KEY(ERROR, 1608, "A correlation, pattern or part of one lacks a key that it needs."),
  MISPLACED_KEY(ERROR, 1609, "A key that correlations of this type or window do not take."),
  BAD_TIMESPAN(ERROR, 1610, "A length of time is not a number and a unit, or out of bounds."),
  CORRELATION_CONDITION(
      ERROR, 1611, "The condition of a correlation has no operator, too many, or a wrong value."),
  RULE_EXPRESSION(ERROR, 1612, "The expression over rule names in a condition cannot be parsed."),
  BAD_ALIAS(ERROR, 1613, "An alias is not a map of the correlation's rules to their fields."),
  CORRELATION_LIMIT(
      ERROR, 1614, "A correlation refers to too many rules, fields or groups, or counts too far."),
  CHAIN_DEPTH(ERROR, 1615, "Correlations refer to correlations deeper than is run."),
  CHAIN_LATENESS(
      ERROR, 1616, "A correlation waits less for late events than one that it refers to."),
  CHAIN_FIELD(
      ERROR, 1617, "A correlation asks one that it refers to for a field not in its group-by."),
  DUPLICATE_REFERENCE(ERROR, 1618, "A correlation refers to the same rule twice."),
  CONDITION_ALWAYS_HOLDS(WARNING, 1630, "The condition of a correlation holds for every event."),
  CORRELATION_NEVER_HOLDS(WARNING, 1631, "The condition of a correlation can never hold."),
  UNUSED_ALIAS(WARNING, 1632, "An alias that nothing in the correlation uses."),
  UNUSED_RULE(WARNING, 1633, "The condition names no such rule of the correlation's list."),
  WITHOUT_GROUP(HINT, 1640, "The correlation has no group-by: it counts over the whole tenant."),

  PATTERN_SYNTAX(ERROR, 1701, "The pattern is not written as patterns are."),
  STEP_BODY(ERROR, 1702, "A step has no rule, or more than one kind of body."),
  STEP_NAME(ERROR, 1703, "A step has no name of its own, or one that cannot be a name."),
  BAD_TIMES(ERROR, 1704, "times is none of 3, 3+, 1-5 and optional."),
  BAD_WHERE(ERROR, 1705, "A comparison of where cannot be parsed."),
  UNKNOWN_STEP(ERROR, 1706, "A comparison names a step that does not exist or comes later."),
  BAD_NOT(ERROR, 1707, "not stands where nothing can be absent."),
  IMPOSSIBLE_WITHIN(ERROR, 1708, "A within that cannot be kept, or that is needed and missing."),
  OPTIONAL_ENDS(ERROR, 1709, "A pattern begins or ends with an optional step."),
  UNBOUNDED_TIMES(ERROR, 1710, "times without an upper bound in a pattern without within."),
  PATTERN_LIMIT(ERROR, 1711, "A pattern has too many steps, rules or repetitions."),
  BAD_CADENCE(ERROR, 1712, "A cadence lacks a bound, or has one that cannot be met."),
  PATTERN_COMBINATION(ERROR, 1713, "Parts of a pattern that cannot stand together."),
  STATE_WITHOUT_END(WARNING, 1720, "A pattern without within remembers each key for ever."),
  PATTERN_ENGINE_MISSING(
      WARNING, 1721, "The pattern needs Flink's NFA, which this program does not bring along."),
  PATTERN_WITHOUT_EFFECT(WARNING, 1722, "A part of a pattern that has no effect."),
  PATTERN_WITHOUT_KEY(HINT, 1730, "The pattern has no by: it is followed over the whole tenant.");

  private final Severity severity;
  private final int number;
  private final String meaning;

  DiagnosticCode(Severity severity, int number, String meaning) {
    this.severity = severity;
    this.number = number;
    this.meaning = meaning;
  }

  public Severity severity() {
    return severity;
  }

  /** As users see it: {@code TW-E1203}. */
  public String code() {
    return "TW-" + severity.name().charAt(0) + number;
  }

  /** One sentence for the reference page. */
  public String meaning() {
    return meaning;
  }
}
