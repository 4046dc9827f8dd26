package dev.tidewatch.pattern.machines;

import dev.tidewatch.match.Addresses;
import dev.tidewatch.match.CaseFolding;
import dev.tidewatch.match.Numbers;
import dev.tidewatch.pattern.plan.Comparison;
import dev.tidewatch.pattern.plan.Comparison.Operator;
import dev.tidewatch.pattern.plan.Operand;
import dev.tidewatch.pattern.plan.Operand.Which;
import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.remember.Match;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evaluates the comparisons of a step. */
public final class Comparing {
  private static final List<@Nullable String> NOTHING = List.of();

  private final PatternPlan plan;
  private final int step;

  /** The events that steps have taken so far. */
  public interface Taken {
    /** In order; empty when the step took none. */
    List<PatternEvent> events(int step);
  }

  /**
   * @param step whose comparisons these are
   */
  public Comparing(PatternPlan plan, int step) {
    this.plan = plan;
    this.step = step;
  }

  /** Whether all comparisons hold of the event. */
  public boolean holds(PatternEvent event, Taken taken) {
    for (Comparison comparison : plan.steps().get(step).where()) {
      if (!holds(comparison, event, taken)) {
        return false;
      }
    }
    return true;
  }

  private boolean holds(Comparison comparison, PatternEvent event, Taken taken) {
    if (isVacuous(comparison.left(), taken) || isVacuous(comparison.right(), taken)) {
      return true;
    }
    List<@Nullable String> left = values(comparison.left(), event, taken);
    List<@Nullable String> right = values(comparison.right(), event, taken);
    boolean all = comparison.operator() == Operator.NOT_EQUAL;
    for (String a : left) {
      for (String b : right) {
        boolean one = a != null && b != null && compare(a, comparison.operator(), b);
        if (one != all) {
          return one;
        }
      }
    }
    return all && !left.isEmpty() && !right.isEmpty();
  }

  private static boolean isVacuous(Operand operand, Taken taken) {
    return operand instanceof Operand.OfStep of && taken.events(of.step()).isEmpty();
  }

  private List<@Nullable String> values(Operand operand, PatternEvent event, Taken taken) {
    if (operand instanceof Operand.Literal literal) {
      return one(literal.text());
    }
    if (operand instanceof Operand.Count count) {
      return one(Integer.toString(taken.events(count.step()).size()));
    }
    if (operand instanceof Operand.Own own) {
      return one(value(event, step, own.indexes()));
    }
    if (operand instanceof Operand.OfStep of) {
      List<PatternEvent> events = taken.events(of.step());
      if (of.which() == Which.VALUES) {
        List<@Nullable String> values = new ArrayList<>();
        events.forEach(e -> values.add(value(e, of.step(), of.indexes())));
        return values;
      }
      int at = of.which() == Which.FIRST ? 0 : events.size() - 1;
      return one(value(events.get(at), of.step(), of.indexes()));
    }
    return NOTHING;
  }

  private static List<@Nullable String> one(@Nullable String value) {
    List<@Nullable String> values = new ArrayList<>(1);
    values.add(value);
    return values;
  }

  private @Nullable String value(PatternEvent event, int ofStep, List<Integer> indexes) {
    Match match = event.match(plan.steps().get(ofStep).mask());
    int index = indexes.get(match.member());
    return index < 0 ? null : match.field(index);
  }

  static boolean compare(String a, Operator operator, String b) {
    return switch (operator) {
      case EQUAL -> equal(a, b);
      case NOT_EQUAL -> !equal(a, b);
      case LESS, AT_MOST, MORE, AT_LEAST -> ordered(a, operator, b);
      case CONTAINS -> CaseFolding.fold(a).contains(CaseFolding.fold(b));
      case STARTS_WITH -> CaseFolding.fold(a).startsWith(CaseFolding.fold(b));
      case ENDS_WITH -> CaseFolding.fold(a).endsWith(CaseFolding.fold(b));
      case IN_CIDR -> inNetwork(a, b);
    };
  }

  private static boolean equal(String a, String b) {
    if (a.equals(b) || CaseFolding.fold(a).equals(CaseFolding.fold(b))) {
      return true;
    }
    BigDecimal left = Numbers.parse(a);
    BigDecimal right = left == null ? null : Numbers.parse(b);
    return left != null && right != null && left.compareTo(right) == 0;
  }

  private static boolean ordered(String a, Operator operator, String b) {
    BigDecimal left = Numbers.parse(a);
    BigDecimal right = Numbers.parse(b);
    if (left == null || right == null) {
      return false;
    }
    int order = left.compareTo(right);
    return switch (operator) {
      case LESS -> order < 0;
      case AT_MOST -> order <= 0;
      case MORE -> order > 0;
      default -> order >= 0;
    };
  }

  /**
   * @param network an address with or without a prefix length
   */
  private static boolean inNetwork(String address, String network) {
    int slash = network.indexOf('/');
    byte[] base = Addresses.parse(slash < 0 ? network : network.substring(0, slash));
    byte[] its = Addresses.parse(address);
    if (base == null || its == null) {
      return false;
    }
    int bits = slash < 0 ? base.length * 8 : prefix(network.substring(slash + 1));
    return bits >= 0 && bits <= base.length * 8 && Addresses.isIn(its, base, bits);
  }

  private static int prefix(String text) {
    return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
  }
}
