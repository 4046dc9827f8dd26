package dev.tidewatch.match.index;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** A rule's condition over numbered tests, without names: what selections and modifiers come to. */
sealed interface Expr {

  Constant TRUE = new Constant(true);
  Constant FALSE = new Constant(false);

  /** Always or never. */
  record Constant(boolean value) implements Expr {}

  /** The test holds. */
  record Leaf(int test) implements Expr {}

  /** All hold. */
  record Every(List<Expr> parts) implements Expr {}

  /** So many hold; more than none, and fewer than all. */
  record AtLeast(int count, List<Expr> parts) implements Expr {}

  /** It does not hold. */
  record Not(Expr part) implements Expr {}

  static Expr not(Expr part) {
    if (part instanceof Constant constant) {
      return constant.value() ? FALSE : TRUE;
    }
    return part instanceof Not not ? not.part() : new Not(part);
  }

  static Expr every(List<Expr> parts) {
    List<Expr> left = new ArrayList<>();
    for (Expr part : parts) {
      if (part instanceof Constant constant) {
        if (!constant.value()) {
          return FALSE;
        }
      } else if (part instanceof Every every) {
        left.addAll(every.parts());
      } else {
        left.add(part);
      }
    }
    return left.isEmpty() ? TRUE : left.size() == 1 ? left.get(0) : new Every(List.copyOf(left));
  }

  static Expr atLeast(int count, List<Expr> parts) {
    List<Expr> left = new ArrayList<>();
    int wanted = count;
    for (Expr part : parts) {
      if (part instanceof Constant constant) {
        wanted -= constant.value() ? 1 : 0;
      } else if (count == 1 && part instanceof AtLeast some && some.count() == 1) {
        left.addAll(some.parts());
      } else {
        left.add(part);
      }
    }
    if (wanted <= 0) {
      return TRUE;
    }
    if (wanted > left.size()) {
      return FALSE;
    }
    return wanted == left.size() ? every(left) : new AtLeast(wanted, List.copyOf(left));
  }

  /** The same with each test replaced. */
  static Expr map(Expr expr, IntFunction<Expr> mapping) {
    if (expr instanceof Leaf leaf) {
      return mapping.apply(leaf.test());
    }
    if (expr instanceof Not not) {
      return not(map(not.part(), mapping));
    }
    if (expr instanceof Every every) {
      return every(every.parts().stream().map(part -> map(part, mapping)).toList());
    }
    if (expr instanceof AtLeast some) {
      return atLeast(some.count(), some.parts().stream().map(part -> map(part, mapping)).toList());
    }
    return expr;
  }
}
