package dev.tidewatch.sigma.parse;

import static dev.tidewatch.diagnostic.DiagnosticCode.BAD_REGEX;
import static dev.tidewatch.diagnostic.DiagnosticCode.DETECTION_LIMIT;
import static dev.tidewatch.diagnostic.DiagnosticCode.REGEX_FEATURE;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;

/** Whether the linear-time engine takes an expression, and if not, where and why (row 16). */
final class RegexCheck {
  private static final int MAX_LENGTH = 64 * 1024;
  private static final java.util.regex.Pattern LOOK_AROUND =
      java.util.regex.Pattern.compile("(?<!\\\\)\\(\\?(<?[=!]|>)");
  private static final java.util.regex.Pattern BACK_REFERENCE =
      java.util.regex.Pattern.compile("(?<!\\\\)(\\\\\\\\)*\\\\([1-9]|[kg][<{'])");

  private RegexCheck() {}

  /** Flags of re2j for {@code i}, {@code m}, {@code s}. */
  static int flags(String letters) {
    int flags = 0;
    flags |= letters.contains("i") ? Pattern.CASE_INSENSITIVE : 0;
    flags |= letters.contains("m") ? Pattern.MULTILINE : 0;
    flags |= letters.contains("s") ? Pattern.DOTALL : 0;
    return flags;
  }

  /** True if the expression can be used; otherwise a diagnostic was added. */
  static boolean accepts(String regex, String flags, Scalar at, Diagnostics diagnostics) {
    if (regex.length() > MAX_LENGTH || RegexSize.of(regex) >= RegexSize.TOO_LARGE) {
      diagnostics.add(
          DETECTION_LIMIT,
          at.place(),
          "the regular expression is too large once its repetitions are written out",
          "use smaller counts, or + and *");
      return false;
    }
    if (!RegexFolding.isSafe(regex, flags)) {
      diagnostics.add(
          REGEX_FEATURE,
          at.place(),
          "ignoring case is not possible with the characters U+1C80 to U+1C8F",
          "leave them out of case-insensitive expressions, in ranges too");
      return false;
    }
    try {
      Pattern.compile(regex, flags(flags));
      return true;
    } catch (PatternSyntaxException e) {
      report(regex, at, e, diagnostics);
      return false;
    }
  }

  private static void report(
      String regex, Scalar at, PatternSyntaxException e, Diagnostics diagnostics) {
    var lookAround = LOOK_AROUND.matcher(regex);
    var reference = BACK_REFERENCE.matcher(regex);
    if (lookAround.find()) {
      diagnostics.add(
          REGEX_FEATURE,
          place(regex, at, lookAround.start()),
          "look-around and atomic groups need backtracking: " + lookAround.group(),
          "make a second selection of what must (not) be there and join both in the condition");
    } else if (reference.find()) {
      diagnostics.add(
          REGEX_FEATURE,
          place(regex, at, reference.end() - 2),
          "back-references need backtracking",
          "write the repeated part out; RE2 syntax is what can be used");
    } else {
      DiagnosticCode code = BAD_REGEX;
      String part = e.getPattern() == null ? "" : e.getPattern();
      int index = part.isEmpty() ? 0 : Math.max(0, regex.indexOf(part));
      String quoted = part.isEmpty() || part.length() > 60 ? "" : ": " + part;
      diagnostics.add(
          code,
          place(regex, at, index),
          "the regular expression cannot be read: " + e.getDescription() + quoted,
          "RE2 syntax: https://github.com/google/re2/wiki/Syntax");
    }
  }

  private static Place place(String regex, Scalar at, int index) {
    return at.text().equals(regex) ? at.at(index) : at.place();
  }
}
