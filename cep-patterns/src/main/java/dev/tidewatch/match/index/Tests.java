package dev.tidewatch.match.index;

import dev.tidewatch.match.CaseFolding;
import dev.tidewatch.match.decode.FieldCatalog;
import dev.tidewatch.match.decode.Text;
import dev.tidewatch.match.regex.Regex;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.TextMode;
import dev.tidewatch.sigma.ir.TextPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every different predicate of a rule set, numbered. */
final class Tests {
  private final FieldCatalog catalog;
  private final Map<Object, Integer> numbers = new HashMap<>();
  private final List<FieldTest> tests = new ArrayList<>();
  private final List<Predicate> predicates = new ArrayList<>();
  private int regexes;

  /** What makes two predicates on text the same, however they were written. */
  private record TextKey(String field, TextMode mode, TextPattern pattern, boolean cased) {}

  Tests(FieldCatalog catalog) {
    this.catalog = catalog;
  }

  int size() {
    return tests.size();
  }

  FieldTest test(int number) {
    return tests.get(number);
  }

  Predicate predicate(int number) {
    return predicates.get(number);
  }

  /** Expressions with an automaton. */
  int regexes() {
    return regexes;
  }

  int number(Predicate predicate) {
    return numbers.computeIfAbsent(
        key(predicate),
        key -> {
          tests.add(make(predicate));
          predicates.add(predicate);
          return tests.size() - 1;
        });
  }

  private static Object key(Predicate predicate) {
    if (predicate instanceof Predicate.Text text) {
      TextPattern pattern = text.cased() ? text.text() : text.text().mapText(CaseFolding::fold);
      return new TextKey(text.field(), text.mode(), pattern, text.cased());
    }
    return predicate;
  }

  private FieldTest make(Predicate predicate) {
    if (predicate.field().isEmpty()) {
      return keyword(predicate);
    }
    int field = catalog.id(predicate.field());
    if (predicate instanceof Predicate.SameAs same) {
      return new SameAsTest(field, catalog.id(same.other()), same);
    }
    if (predicate instanceof Predicate.Text text) {
      return text(field, text);
    }
    if (predicate instanceof Predicate.NumberEquals number) {
      return new NumberTest(field, number);
    }
    if (predicate instanceof Predicate.IsNull) {
      return new OtherTests.OfNull(field);
    }
    if (predicate instanceof Predicate.Exists exists) {
      return new OtherTests.OfPresence(field, exists.present());
    }
    if (predicate instanceof Predicate.Regex regex) {
      return regex(field, regex);
    }
    if (predicate instanceof Predicate.InNetwork network) {
      return NetworkTest.of(field, network);
    }
    return new OtherTests.ByReference(field, predicate, List.of());
  }

  private FieldTest text(int field, Predicate.Text text) {
    if (!isComparable(text.text())) {
      return new OtherTests.ByReference(field, text, List.of());
    }
    return text.text().isLiteral()
        ? new LiteralTest(field, text.mode(), text.text().literalText(), text.cased())
        : new GlobTest(field, text);
  }

  private static boolean isComparable(TextPattern pattern) {
    for (TextPattern.Segment segment : pattern.segments()) {
      boolean half =
          segment instanceof TextPattern.Literal literal && !Text.isComparable(literal.text())
              || segment instanceof TextPattern.OneOf one && !Text.isComparable(one.characters());
      if (half) {
        return false;
      }
    }
    return true;
  }

  private FieldTest regex(int field, Predicate.Regex predicate) {
    Regex regex = Regex.of(predicate.regex(), predicate.flags());
    return regex == null
        ? new OtherTests.ByReference(field, predicate, List.of())
        : new RegexTest(field, predicate, regex, regexes++);
  }

  /** A test of the whole event. */
  static FieldTest keyword(Predicate predicate) {
    boolean simple =
        predicate instanceof Predicate.Text text
            && text.mode() == TextMode.CONTAINS
            && !text.cased()
            && text.text().isLiteral()
            && isComparable(text.text());
    return simple
        ? new OtherTests.OfKeyword((Predicate.Text) predicate)
        : new OtherTests.OfDocument(predicate);
  }
}
