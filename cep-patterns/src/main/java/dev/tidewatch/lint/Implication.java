package dev.tidewatch.lint;

import dev.tidewatch.match.CaseFolding;
import dev.tidewatch.sigma.ir.Comparison;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.TextMode;
import dev.tidewatch.sigma.ir.TextPattern;
import java.math.BigDecimal;

/**
 * What one predicate says about another of the same field. Yes means yes; no means that nothing is
 * known.
 */
final class Implication {
  private Implication() {}

  /** Whether {@code second} holds of every value by which {@code first} holds. */
  static boolean implies(Predicate first, Predicate second) {
    if (!first.field().equals(second.field())) {
      return false;
    }
    if (first.equals(second)) {
      return true;
    }
    if (second instanceof Predicate.Exists exists) {
      return exists.present() && needsValue(first);
    }
    if (second instanceof Predicate.IsNull) {
      return first instanceof Predicate.Exists exists && !exists.present();
    }
    if (second instanceof Predicate.Text text && isAnyText(text)) {
      return needsValue(first);
    }
    if (first instanceof Predicate.Text a && second instanceof Predicate.Text b) {
      return ofText(a, b);
    }
    return ofNumber(first, second);
  }

  /** Whether both can never hold of one event, lists of values included. */
  static boolean excludes(Predicate first, Predicate second) {
    return first.field().equals(second.field())
        && (isAbsence(first) && needsValue(second)
            || isAbsence(second) && needsValue(first)
            || first instanceof Predicate.Exists a
                && second instanceof Predicate.Exists b
                && a.present() != b.present());
  }

  private static boolean isAbsence(Predicate predicate) {
    return predicate instanceof Predicate.IsNull
        || predicate instanceof Predicate.Exists exists && !exists.present();
  }

  /** Whether it can hold only by a value that is not null. */
  static boolean needsValue(Predicate predicate) {
    return !(predicate instanceof Predicate.IsNull || predicate instanceof Predicate.Exists);
  }

  /** Whether no single value can pass both. */
  static boolean excludesForOneValue(Predicate first, Predicate second) {
    return apart(first, second) || apart(second, first);
  }

  private static boolean apart(Predicate exact, Predicate other) {
    if (exact instanceof Predicate.Text a && isExact(a) && other instanceof Predicate.Text b) {
      return b.text().isLiteral() && !ofText(a, b) && !ofText(a, uncased(b));
    }
    if (exact instanceof Predicate.NumberEquals a && other instanceof Predicate.NumberEquals b) {
      return a.value().compareTo(b.value()) != 0;
    }
    return false;
  }

  private static Predicate.Text uncased(Predicate.Text text) {
    return new Predicate.Text(text.field(), text.mode(), text.text(), false, text.written());
  }

  private static boolean isExact(Predicate.Text text) {
    return text.mode() == TextMode.EQUALS && text.text().isLiteral();
  }

  private static boolean isAnyText(Predicate.Text text) {
    return text.text().segments().stream().allMatch(TextPattern.AnyRun.class::isInstance)
        && (!text.text().segments().isEmpty() || text.mode() != TextMode.EQUALS)
        && !text.field().isEmpty();
  }

  private static boolean ofText(Predicate.Text a, Predicate.Text b) {
    if (!a.text().isLiteral() || !b.text().isLiteral() || b.cased() && !a.cased()) {
      return false;
    }
    String wanted = b.cased() ? b.text().literalText() : CaseFolding.fold(b.text().literalText());
    String known = b.cased() ? a.text().literalText() : CaseFolding.fold(a.text().literalText());
    boolean sameEnd = a.mode() == TextMode.EQUALS || a.mode() == b.mode();
    return switch (b.mode()) {
      case CONTAINS -> known.contains(wanted);
      case STARTSWITH -> sameEnd && known.startsWith(wanted);
      case ENDSWITH -> sameEnd && known.endsWith(wanted);
      case EQUALS -> a.mode() == TextMode.EQUALS && known.equals(wanted);
    };
  }

  private static boolean ofNumber(Predicate first, Predicate second) {
    if (!(second instanceof Predicate.Compare bound)) {
      return false;
    }
    if (first instanceof Predicate.Compare compare) {
      return ofOrder(compare, bound);
    }
    return false;
  }

  private static boolean ofOrder(Predicate.Compare a, Predicate.Compare b) {
    int order = a.value().compareTo(b.value());
    boolean up = isUp(a.comparison());
    if (up != isUp(b.comparison())) {
      return false;
    }
    boolean strictlyInside = up ? order > 0 : order < 0;
    boolean looser =
        b.comparison() == Comparison.GREATER_OR_EQUAL || b.comparison() == Comparison.LESS_OR_EQUAL;
    return strictlyInside || order == 0 && (looser || a.comparison() == b.comparison());
  }

  private static boolean isUp(Comparison comparison) {
    return comparison == Comparison.GREATER || comparison == Comparison.GREATER_OR_EQUAL;
  }

  /** Whether no value can pass, e.g. {@code hour|gt: 23}. */
  static boolean isImpossible(Predicate predicate) {
    if (!(predicate instanceof Predicate.InTime time)) {
      return false;
    }
    BigDecimal value = BigDecimal.valueOf(time.value());
    for (int n = time.part().first(); n <= time.part().last(); n++) {
      if (time.comparison().holds(BigDecimal.valueOf(n).compareTo(value))) {
        return false;
      }
    }
    return true;
  }
}
