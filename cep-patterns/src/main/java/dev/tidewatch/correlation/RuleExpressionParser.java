package dev.tidewatch.correlation;

import static dev.tidewatch.diagnostic.DiagnosticCode.RULE_EXPRESSION;
import static dev.tidewatch.diagnostic.DiagnosticCode.UNKNOWN_RULE;

import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Suggestion;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Parses expressions over rule names: {@code not} binds before {@code and}, {@code and} before
 * {@code or}; parentheses. Unknown names are all reported, a syntax error ends the reading.
 */
final class RuleExpressionParser {
  private static final int MAX_DEPTH = 50;
  private static final int MAX_TOKENS = 1_000;

  private final Scalar scalar;
  private final List<String> rules;
  private final Diagnostics diagnostics;
  private final List<Token> tokens = new ArrayList<>();
  private final Set<Integer> used = new HashSet<>();
  private int at;
  private int depth;

  private record Token(String text, int offset) {
    boolean is(String word) {
      return text.toLowerCase(Locale.ROOT).equals(word);
    }
  }

  private static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int offset;

    SyntaxException(int offset, String message) {
      super(message, null, false, false);
      this.offset = offset;
    }
  }

  /**
   * @param rules as the correlation lists them
   */
  RuleExpressionParser(Scalar scalar, List<String> rules, Diagnostics diagnostics) {
    this.scalar = scalar;
    this.rules = rules;
    this.diagnostics = diagnostics;
  }

  /** Indexes of the rules that it names. */
  Set<Integer> used() {
    return used;
  }

  /** Empty if it has an error. */
  Optional<RuleExpression> parse() {
    int before = diagnostics.errors();
    try {
      split();
      RuleExpression expression = or();
      if (at < tokens.size()) {
        throw unexpected();
      }
      return diagnostics.errors() == before ? Optional.of(expression) : Optional.empty();
    } catch (SyntaxException e) {
      diagnostics.add(
          RULE_EXPRESSION,
          scalar.at(e.offset),
          String.valueOf(e.getMessage()),
          "names of the rules, joined by and, or, not and parentheses");
      return Optional.empty();
    }
  }

  private void split() throws SyntaxException {
    String text = scalar.text();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        i++;
        continue;
      }
      int from = i++;
      if (c != '(' && c != ')') {
        while (i < text.length() && isPartOfName(text.charAt(i))) {
          i++;
        }
      }
      tokens.add(new Token(text.substring(from, i), from));
      if (tokens.size() > MAX_TOKENS) {
        throw new SyntaxException(from, "the condition is too long");
      }
    }
  }

  private static boolean isPartOfName(char c) {
    return !Character.isWhitespace(c) && c != '(' && c != ')';
  }

  private boolean next(String word) {
    if (at < tokens.size() && tokens.get(at).is(word)) {
      at++;
      return true;
    }
    return false;
  }

  private RuleExpression or() throws SyntaxException {
    List<RuleExpression> terms = new ArrayList<>(List.of(and()));
    while (next("or")) {
      terms.add(and());
    }
    return terms.size() == 1 ? terms.get(0) : new RuleExpression.Any(terms);
  }

  private RuleExpression and() throws SyntaxException {
    List<RuleExpression> terms = new ArrayList<>(List.of(not()));
    while (next("and")) {
      terms.add(not());
    }
    return terms.size() == 1 ? terms.get(0) : new RuleExpression.All(terms);
  }

  private RuleExpression not() throws SyntaxException {
    if (++depth > MAX_DEPTH) {
      throw new SyntaxException(offset(), "the condition is nested too deep");
    }
    RuleExpression expression = next("not") ? new RuleExpression.Not(not()) : operand();
    depth--;
    return expression;
  }

  private RuleExpression operand() throws SyntaxException {
    if (next("(")) {
      RuleExpression inner = or();
      if (!next(")")) {
        throw at == tokens.size()
            ? new SyntaxException(offset(), "a parenthesis is not closed")
            : unexpected();
      }
      return inner;
    }
    if (at == tokens.size() || isReserved(tokens.get(at))) {
      throw unexpected();
    }
    return rule(tokens.get(at++));
  }

  private static boolean isReserved(Token token) {
    return token.is("and") || token.is("or") || token.is("not") || token.is(")");
  }

  private RuleExpression rule(Token token) {
    int index = rules.indexOf(token.text());
    if (index < 0) {
      diagnostics.add(
          UNKNOWN_RULE,
          scalar.at(token.offset()),
          "'" + token.text() + "' is none of the correlation's rules",
          Suggestion.didYouMean(token.text(), rules, "write it as it stands in rules:"));
      return new RuleExpression.Fired(0);
    }
    used.add(index);
    return new RuleExpression.Fired(index);
  }

  private int offset() {
    return at < tokens.size() ? tokens.get(at).offset() : scalar.text().length();
  }

  private SyntaxException unexpected() {
    return at == tokens.size()
        ? new SyntaxException(offset(), "the condition ends where a rule's name is expected")
        : new SyntaxException(offset(), "'" + tokens.get(at).text() + "' is not expected here");
  }
}
