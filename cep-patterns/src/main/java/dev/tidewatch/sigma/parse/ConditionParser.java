package dev.tidewatch.sigma.parse;

import static dev.tidewatch.diagnostic.DiagnosticCode.AGGREGATION;
import static dev.tidewatch.diagnostic.DiagnosticCode.CONDITION_LIMIT;
import static dev.tidewatch.diagnostic.DiagnosticCode.CONDITION_NEVER_HOLDS;
import static dev.tidewatch.diagnostic.DiagnosticCode.CONDITION_SYNTAX;
import static dev.tidewatch.diagnostic.DiagnosticCode.PATTERN_WITHOUT_SELECTION;
import static dev.tidewatch.diagnostic.DiagnosticCode.UNKNOWN_SELECTION;

import dev.tidewatch.diagnostic.DiagnosticCode;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Parses conditions: {@code not} binds before {@code and}, {@code and} before {@code or};
 * parentheses; {@code 1|any|all|N of them|pattern}. Unknown names are all reported, a syntax error
 * ends its condition.
 */
final class ConditionParser {
  private static final int MAX_DEPTH = 100;
  private static final int MAX_TOKENS = 50_000;
  private static final Set<String> RESERVED = Set.of("and", "or", "not", "of");
  private static final Set<String> AGGREGATES = Set.of("count", "min", "max", "avg", "sum", "near");
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,6}");

  private final List<String> names;
  private final String timeframe;
  private final Diagnostics diagnostics;
  private final Set<String> used = new HashSet<>();

  /**
   * @param names of the selections, in the order of the rule
   * @param timeframe of the detection, for the hint of an aggregation; may be empty
   */
  ConditionParser(List<String> names, String timeframe, Diagnostics diagnostics) {
    this.names = names;
    this.timeframe = timeframe;
    this.diagnostics = diagnostics;
  }

  /** Names that a condition parsed so far uses. */
  Set<String> used() {
    return used;
  }

  /** Empty if the condition has an error. */
  Optional<Condition> parse(Scalar text) {
    int before = diagnostics.errors();
    try {
      Condition condition = new Reading(text).whole();
      return diagnostics.errors() == before ? Optional.of(condition) : Optional.empty();
    } catch (SyntaxException e) {
      diagnostics.add(e.code, text.at(e.offset), e.problem, e.remedy);
      return Optional.empty();
    }
  }

  /** Ends the reading of one condition; never leaves this class. */
  private static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;
    private final DiagnosticCode code;
    private final int offset;
    private final String problem;
    private final String remedy;

    SyntaxException(DiagnosticCode code, int offset, String problem, String remedy) {
      super(problem, null, false, false);
      this.code = code;
      this.offset = offset;
      this.problem = problem;
      this.remedy = remedy;
    }
  }

  /** Reads one condition. */
  private final class Reading {
    private final Scalar scalar;
    private final List<ConditionToken> tokens;
    private int at;
    private int depth;

    Reading(Scalar scalar) {
      this.scalar = scalar;
      this.tokens = ConditionToken.split(scalar.text());
    }

    Condition whole() throws SyntaxException {
      if (tokens.size() > MAX_TOKENS) {
        throw error(CONDITION_LIMIT, tokens.get(MAX_TOKENS), "the condition is too long", "");
      }
      Condition condition = or();
      if (!peek().isEnd()) {
        throw unexpected();
      }
      return condition;
    }

    private Condition or() throws SyntaxException {
      List<Condition> terms = new ArrayList<>(List.of(and()));
      while (peek().isWord("or")) {
        at++;
        terms.add(and());
      }
      return terms.size() == 1 ? terms.get(0) : new Condition.Or(terms);
    }

    private Condition and() throws SyntaxException {
      List<Condition> terms = new ArrayList<>(List.of(not()));
      while (peek().isWord("and")) {
        at++;
        terms.add(not());
      }
      return terms.size() == 1 ? terms.get(0) : new Condition.And(terms);
    }

    private Condition not() throws SyntaxException {
      int negations = 0;
      while (peek().isWord("not")) {
        at++;
        if (++negations + depth > MAX_DEPTH) {
          throw tooDeep();
        }
      }
      Condition condition = primary();
      for (int i = 0; i < negations; i++) {
        condition = new Condition.Not(condition);
      }
      return condition;
    }

    private Condition primary() throws SyntaxException {
      ConditionToken token = peek();
      if (token.is("(")) {
        return group();
      }
      if (!token.isWord() || isReserved(token)) {
        throw unexpected();
      }
      at++;
      if (peek().isWord("of")) {
        at++;
        return quantified(token);
      }
      if (AGGREGATES.contains(token.lower()) && (peek().is("(") || token.isWord("near"))) {
        throw aggregation(token);
      }
      return selection(token);
    }

    private Condition group() throws SyntaxException {
      ConditionToken open = peek();
      at++;
      if (++depth > MAX_DEPTH) {
        throw tooDeep();
      }
      Condition inner = or();
      if (!peek().is(")")) {
        if (!peek().isEnd()) {
          throw unexpected();
        }
        throw error(CONDITION_SYNTAX, open, "this ( is never closed", "add a )");
      }
      at++;
      depth--;
      return inner;
    }

    private Condition selection(ConditionToken token) throws SyntaxException {
      String name = token.text();
      if (names.contains(name)) {
        used.add(name);
        return new Condition.Selection(name);
      }
      if (name.contains("*")) {
        throw error(
            CONDITION_SYNTAX,
            token,
            "a pattern needs a quantifier before it",
            "write 1 of " + name + ", or all of " + name);
      }
      diagnostics.add(
          UNKNOWN_SELECTION,
          scalar.at(token.offset()),
          "there is no selection '" + name + "'",
          Suggestion.didYouMean(name, names, "selections: " + String.join(", ", names)));
      return new Condition.Selection(name);
    }

    private Condition quantified(ConditionToken quantifier) throws SyntaxException {
      ConditionToken pattern = peek();
      if (!pattern.isWord() || RESERVED.contains(pattern.lower())) {
        throw error(
            CONDITION_SYNTAX, pattern, "a pattern must follow 'of'", "write them, or selection_*");
      }
      at++;
      List<String> fitting = fitting(pattern.text());
      used.addAll(fitting);
      if (fitting.isEmpty()) {
        diagnostics.add(
            PATTERN_WITHOUT_SELECTION,
            scalar.at(pattern.offset()),
            "no selection fits '" + pattern.text() + "'",
            "selections: " + String.join(", ", names));
      }
      return quantified(quantifier, pattern.text(), fitting);
    }

    private Condition quantified(ConditionToken quantifier, String pattern, List<String> fitting)
        throws SyntaxException {
      if (quantifier.isWord("all")) {
        return new Condition.AllOf(pattern, fitting);
      }
      boolean number = COUNT.matcher(quantifier.text()).matches();
      int count = number ? Integer.parseInt(quantifier.text()) : 1;
      if (!number && !quantifier.isWord("any") || count == 0) {
        throw error(
            CONDITION_SYNTAX,
            quantifier,
            "'" + quantifier.text() + "' cannot stand before 'of'",
            "write 1 of, any of, all of, or a number of at least 1");
      }
      if (count > fitting.size() && !fitting.isEmpty()) {
        diagnostics.add(
            CONDITION_NEVER_HOLDS,
            scalar.at(quantifier.offset()),
            count + " of " + pattern + " never holds: it fits " + fitting.size() + " selections",
            "");
      }
      return new Condition.AtLeast(count, pattern, fitting);
    }

    private boolean isReserved(ConditionToken token) {
      return RESERVED.contains(token.lower()) && !names.contains(token.text());
    }

    private ConditionToken peek() {
      return tokens.get(at);
    }

    private SyntaxException unexpected() {
      ConditionToken token = peek();
      if (token.is("|")) {
        return aggregation(token);
      }
      if (token.isEnd()) {
        return error(CONDITION_SYNTAX, token, "the condition ends too early", "");
      }
      boolean operand = at > 0 && endsOperand(tokens.get(at - 1));
      String remedy = operand && token.isWord() ? "join selections with and, or" : "";
      return error(CONDITION_SYNTAX, token, "'" + token.text() + "' cannot stand here", remedy);
    }

    private boolean endsOperand(ConditionToken token) {
      return token.is(")") || token.isWord() && !RESERVED.contains(token.lower());
    }

    private SyntaxException tooDeep() {
      return error(CONDITION_LIMIT, peek(), "nested deeper than " + MAX_DEPTH, "");
    }

    private SyntaxException aggregation(ConditionToken token) {
      return error(
          AGGREGATION,
          token,
          "aggregations in conditions were removed from Sigma",
          AggregationHint.of(scalar.text().substring(token.offset()), timeframe));
    }

    private SyntaxException error(
        DiagnosticCode code, ConditionToken token, String problem, String remedy) {
      return new SyntaxException(code, token.offset(), problem, remedy);
    }
  }

  /** Names that a pattern fits; those with a leading underscore only if the pattern has one too. */
  private List<String> fitting(String pattern) {
    boolean them = pattern.equalsIgnoreCase("them");
    return names.stream()
        .filter(name -> !name.startsWith("_") || pattern.startsWith("_"))
        .filter(name -> them || NamePattern.fits(pattern, name))
        .toList();
  }
}
