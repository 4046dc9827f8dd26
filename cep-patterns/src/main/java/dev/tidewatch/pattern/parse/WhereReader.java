package dev.tidewatch.pattern.parse;

import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.pattern.parse.PatternTree.Side;
import dev.tidewatch.pattern.parse.PatternTree.Where;
import dev.tidewatch.pattern.plan.Comparison.Operator;
import dev.tidewatch.pattern.plan.Operand.Which;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code field op step.field}. Either side may be a field of the event, a step's field, a
 * step's count, a number or quoted text; one of them must be a step's.
 */
final class WhereReader {
  private static final Pattern OPERATOR =
      Pattern.compile("==|!=|<=|>=|<|>|\\s(contains|startswith|endswith|in-cidr)\\s");
  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+(\\.[0-9]+)?");
  private static final Pattern VALUES = Pattern.compile("values\\s*\\(\\s*([^()]+?)\\s*\\)");
  private static final String REMEDY =
      "write field op step.field, with one of == != < <= > >= contains startswith endswith in-cidr";

  private final List<String> earlier;
  private final List<String> all;
  private final Diagnostics diagnostics;

  /**
   * @param earlier names of the steps up to and including this one
   * @param all names of all steps
   */
  WhereReader(List<String> earlier, List<String> all, Diagnostics diagnostics) {
    this.earlier = earlier;
    this.all = all;
    this.diagnostics = diagnostics;
  }

  Optional<Where> read(Scalar where) {
    String text = where.text();
    Matcher operator = OPERATOR.matcher(text);
    int from = endOfQuote(text);
    if (from < 0 || !operator.find(from)) {
      bad(where, 0, "'" + text + "' compares nothing", REMEDY);
      return Optional.empty();
    }
    Optional<Side> left = side(where, 0, operator.start());
    Optional<Side> right = side(where, operator.end(), text.length());
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    if (!isOfStep(left.get()) && !isOfStep(right.get())) {
      withoutStep(where, right.get(), operator.end());
      return Optional.empty();
    }
    Operator op = operator(operator.group().strip());
    return Optional.of(new Where(text, where.place(), left.get(), op, right.get()));
  }

  /** Where to look for the operator: behind a literal that the text begins with. */
  private static int endOfQuote(String text) {
    String stripped = text.stripLeading();
    char first = stripped.isEmpty() ? ' ' : stripped.charAt(0);
    if (first != '\'' && first != '"') {
      return 0;
    }
    int end = text.indexOf(first, text.length() - stripped.length() + 1);
    return end < 0 ? -1 : end + 1;
  }

  private static Operator operator(String text) {
    for (Operator operator : Operator.values()) {
      if (operator.text().equals(text)) {
        return operator;
      }
    }
    throw new IllegalStateException(text);
  }

  private static boolean isOfStep(Side side) {
    return side instanceof Side.OfStep || side instanceof Side.Count;
  }

  private void withoutStep(Scalar where, Side right, int offset) {
    String text = right instanceof Side.Own own ? own.field() : "";
    int dot = text.indexOf('.');
    String named = dot < 0 ? text : text.substring(0, dot);
    String nearest = dot < 0 ? "" : Suggestion.nearest(named, earlier);
    if (!nearest.isEmpty()) {
      diagnostics.add(
          DiagnosticCode.UNKNOWN_STEP,
          where.at(skipBlanks(where.text(), offset)),
          "there is no step '" + named + "'",
          "did you mean '" + nearest + "'?");
    } else {
      bad(
          where,
          0,
          "'" + where.text() + "' names no step to compare with",
          "compare with step.field; tests against fixed values belong into the rule");
    }
  }

  private Optional<Side> side(Scalar where, int from, int to) {
    int start = skipBlanks(where.text(), from);
    String text = where.text().substring(Math.min(start, to), to).strip();
    if (text.isEmpty()) {
      bad(where, from, "a side of '" + where.text() + "' is empty", REMEDY);
      return Optional.empty();
    }
    char first = text.charAt(0);
    if (first == '\'' || first == '"') {
      return quoted(where, start, text, first);
    }
    if (NUMBER.matcher(text).matches()) {
      return Optional.of(new Side.Literal(text));
    }
    int dot = text.indexOf('.');
    String step = dot < 0 ? "" : text.substring(0, dot);
    if (dot < 0 || !all.contains(step)) {
      return Optional.of(new Side.Own(text));
    }
    return ofStep(where, start, step, text.substring(dot + 1).strip());
  }

  private Optional<Side> quoted(Scalar where, int start, String text, char quote) {
    if (text.length() < 2 || text.indexOf(quote, 1) != text.length() - 1) {
      bad(where, start, "the quote is not closed", "write 'text' or \"text\"");
      return Optional.empty();
    }
    return Optional.of(new Side.Literal(text.substring(1, text.length() - 1)));
  }

  private Optional<Side> ofStep(Scalar where, int start, String step, String rest) {
    if (!earlier.contains(step)) {
      diagnostics.add(
          DiagnosticCode.UNKNOWN_STEP,
          where.at(start),
          "the step '" + step + "' comes later",
          "compare in the later of the two steps");
      return Optional.empty();
    }
    if (rest.equals("count")) {
      return Optional.of(new Side.Count(step));
    }
    Matcher values = VALUES.matcher(rest);
    if (values.matches()) {
      return Optional.of(new Side.OfStep(step, Which.VALUES, values.group(1)));
    }
    if (rest.isEmpty()) {
      bad(where, start, "'" + step + ".' names no field", "write " + step + ".Field");
      return Optional.empty();
    }
    if (rest.startsWith("first.") && rest.length() > 6) {
      return Optional.of(new Side.OfStep(step, Which.FIRST, rest.substring(6)));
    }
    String field = rest.startsWith("last.") && rest.length() > 5 ? rest.substring(5) : rest;
    return Optional.of(new Side.OfStep(step, Which.LAST, field));
  }

  private static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private void bad(Scalar where, int offset, String message, String remedy) {
    diagnostics.add(DiagnosticCode.BAD_WHERE, where.at(offset), message, remedy);
  }
}
