package dev.tidewatch.lint;

import static dev.tidewatch.diagnostic.Diagnostic.Severity.HINT;
import static dev.tidewatch.diagnostic.Diagnostic.Severity.WARNING;

import dev.tidewatch.diagnostic.Diagnostic.Severity;

/**
 * What {@code rules lint} says besides the compiler's diagnostics. The numbers are stable. 20xx the
 * head, 21xx tags, 22xx values, 23xx logic, 24xx the set. {@code docs/reference/rule-lint.md} is
 * generated from here.
 */
public enum LintCode {
  NO_DESCRIPTION(WARNING, 2001, "The rule has no description."),
  SHORT_DESCRIPTION(HINT, 2002, "The description is shorter than 16 characters."),
  NO_STATUS(WARNING, 2003, "The rule has no status."),
  NO_DATE(WARNING, 2004, "The rule has no date."),
  MODIFIED_BEFORE_DATE(WARNING, 2005, "The rule was modified before its date."),
  NO_AUTHOR(WARNING, 2006, "The rule has no author."),
  NO_REFERENCE(HINT, 2007, "The rule has no reference."),
  REFERENCE_IS_NO_URL(HINT, 2008, "A reference is no URL."),
  REFERENCE_TO_ATTACK(HINT, 2009, "A reference to ATT&CK's site; a tag says it."),
  REFERENCE_MOVES(HINT, 2010, "A reference to a branch of a repository, whose content moves."),
  NO_FALSE_POSITIVES(WARNING, 2011, "The rule says nothing about false positives."),
  EMPTY_FALSE_POSITIVE(
      WARNING, 2012, "A false positive that tells nothing: none, pentest, red team."),
  FALSE_POSITIVE_CASE(HINT, 2013, "A false positive does not begin with a capital letter."),
  TITLE_CASE(HINT, 2014, "The title is not in title case."),
  LONG_TITLE(HINT, 2015, "The title is longer than 120 characters."),
  TITLE_PERIOD(WARNING, 2016, "The title ends with a period."),
  TITLE_SAYS_DETECTS(HINT, 2017, "The title begins with Detects or Detection of."),
  ID_NOT_RANDOM(HINT, 2018, "The id is a UUID that is not random (version 4)."),
  BAD_RELATED(WARNING, 2019, "An entry of related has no id or no known type, or is the rule."),

  NO_TAGS(WARNING, 2101, "The rule has no tags."),
  DUPLICATE_TAG(WARNING, 2102, "A tag stands twice."),
  UNKNOWN_TECHNIQUE(HINT, 2103, "ATT&CK Enterprise v18.1 has no such technique; a later one may."),
  TECHNIQUE_WITHOUT_TACTIC(HINT, 2104, "Techniques, and no tactic."),
  UNKNOWN_NAMESPACE(WARNING, 2105, "A tag of a namespace that Sigma does not define."),
  BAD_TAG_NAME(WARNING, 2106, "A tag's name does not have the form of its namespace."),
  TACTIC_DOES_NOT_FIT(HINT, 2107, "No technique of the rule belongs to the tactic."),

  DUPLICATE_VALUE(WARNING, 2202, "A value stands twice in a list."),
  VALUE_COVERED(HINT, 2203, "A value of a list adds nothing: another one holds wherever it does."),
  WILDCARD_FOR_MODIFIER(HINT, 2204, "A wildcard at an end of a value; a modifier says it."),
  WILDCARD_WITHOUT_EFFECT(HINT, 2205, "A wildcard at an end where the modifier says it already."),
  REGEX_FOR_TEXT(HINT, 2206, "A regular expression without any operator; contains says it."),
  LIST_OF_ONE(HINT, 2207, "A list of one value."),
  SPACE_IN_FIELD(HINT, 2208, "A field's name has a space; names match with spaces removed."),

  NEVER_MATCHES(WARNING, 2301, "The rule can never match."),
  ALWAYS_MATCHES(WARNING, 2302, "The rule matches every event of its log source."),
  MATCHES_WITHOUT_FIELDS(
      WARNING, 2303, "The rule matches events that have none of the fields it names."),
  SELECTION_WITHOUT_EFFECT(
      WARNING, 2304, "A selection cannot change the outcome, whatever the event."),
  UNREACHABLE(WARNING, 2305, "A selection, or one of its alternatives, can never hold."),
  ONLY_LISTS_MATCH(
      HINT, 2306, "The rule wants two different values of one field: only a list of values fits."),
  EXCLUSION_NAME(HINT, 2307, "An exclusion whose name does not begin with filter."),
  FILTER_NOT_EXCLUDED(WARNING, 2308, "A selection named filter that is not under not."),
  OF_THEM(HINT, 2309, "1 of them or all of them: a selection added later changes the rule."),

  DUPLICATE_TITLE(WARNING, 2401, "Another rule of the set has this title."),
  SAME_DETECTION(WARNING, 2402, "Another rule of the set has the same log source and detection."),
  FILE_NAME(
      HINT, 2403, "The file's name is not 10 to 90 lower case letters, digits and _ with .yml.");

  private final Severity severity;
  private final int number;
  private final String meaning;

  LintCode(Severity severity, int number, String meaning) {
    this.severity = severity;
    this.number = number;
    this.meaning = meaning;
  }

  public Severity severity() {
    return severity;
  }

  /** As users see it: {@code TW-L2301}. */
  public String code() {
    return "TW-L" + number;
  }

  /** One sentence for the reference page. */
  public String meaning() {
    return meaning;
  }
}
