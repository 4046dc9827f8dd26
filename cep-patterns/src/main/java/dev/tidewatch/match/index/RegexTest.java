package dev.tidewatch.match.index;

import com.google.re2j.Pattern;
import dev.tidewatch.match.decode.EventFields;
import dev.tidewatch.match.decode.Text;
import dev.tidewatch.match.regex.LazyDfa;
import dev.tidewatch.match.regex.Regex;
import dev.tidewatch.sigma.ir.Predicate;
import java.util.List;

/** A regular expression: the automaton on ASCII, RE2/J on other texts and after the budget. */
final class RegexTest extends FieldTest.OfValue {
  private final Regex regex;
  private final Pattern pattern;
  private final int number;
  private final List<Literal> literals;

  /**
   * @param number of the expression, from 0 on, to find its automaton by
   */
  RegexTest(int field, Predicate.Regex predicate, Regex regex, int number) {
    super(field);
    this.regex = regex;
    this.number = number;
    this.pattern = pattern(predicate);
    this.literals =
        regex.required().stream()
            .map(text -> new Literal(Literal.Kind.CONTAINS, Text.encode(text), false))
            .toList();
  }

  private static Pattern pattern(Predicate.Regex predicate) {
    int flags = 0;
    flags |= predicate.flags().contains("i") ? Pattern.CASE_INSENSITIVE : 0;
    flags |= predicate.flags().contains("m") ? Pattern.MULTILINE : 0;
    flags |= predicate.flags().contains("s") ? Pattern.DOTALL : 0;
    return Pattern.compile(predicate.regex(), flags);
  }

  Regex regex() {
    return regex;
  }

  int number() {
    return number;
  }

  @Override
  boolean passes(EventFields<?> event, int slot, Scratch scratch) {
    if (!event.plain(slot)) {
      return false;
    }
    if (event.isAscii(slot)) {
      LazyDfa automaton = scratch.automaton(this);
      if (!automaton.isThrashing()) {
        return automaton.find(event.buffer(), event.textAt(), event.textLength());
      }
    }
    String text = event.string(slot);
    return text != null && pattern.matcher(text).find();
  }

  @Override
  List<Literal> literals() {
    return literals;
  }

  @Override
  double cost() {
    return 20;
  }
}
