package dev.tidewatch.match.index;

import java.util.ArrayList;
import java.util.List;

/**
 * A condition as a program of tests: for each, where to go on if it holds and if it does not. No
 * operators are left; what does not matter any more is not tested.
 */
final class Branches {
  static final int TRUE = -1;
  static final int FALSE = -2;

  private static final int MAX_TESTS = 50_000;
  private static final int[] TOO_LARGE = {};

  private final List<int[]> code = new ArrayList<>();

  private Branches() {}

  /**
   * Triples of test, next if true, next if false; the first triple's index is the last element.
   * Empty if the program would be too large.
   */
  static int[] of(Expr expr) {
    Branches branches = new Branches();
    int start = branches.compile(expr, TRUE, FALSE);
    if (branches.code.size() >= MAX_TESTS) {
      return TOO_LARGE;
    }
    int[] flat = new int[branches.code.size() * 3 + 1];
    for (int i = 0; i < branches.code.size(); i++) {
      System.arraycopy(branches.code.get(i), 0, flat, 3 * i, 3);
    }
    flat[flat.length - 1] = start;
    return flat;
  }

  private int compile(Expr expr, int ifTrue, int ifFalse) {
    if (expr instanceof Expr.Constant constant) {
      return constant.value() ? ifTrue : ifFalse;
    }
    if (expr instanceof Expr.Leaf leaf) {
      if (code.size() < MAX_TESTS) {
        code.add(new int[] {leaf.test(), ifTrue, ifFalse});
      }
      return 3 * (code.size() - 1);
    }
    if (expr instanceof Expr.Not not) {
      return compile(not.part(), ifFalse, ifTrue);
    }
    if (expr instanceof Expr.Every every) {
      int next = ifTrue;
      for (int i = every.parts().size() - 1; i >= 0; i--) {
        next = compile(every.parts().get(i), next, ifFalse);
      }
      return next;
    }
    return compile((Expr.AtLeast) expr, ifTrue, ifFalse);
  }

  /** One row of states for each part: how many of those left have to hold. */
  private int compile(Expr.AtLeast some, int ifTrue, int ifFalse) {
    int[] after = new int[some.count() + 1];
    java.util.Arrays.fill(after, ifFalse);
    after[0] = ifTrue;
    for (int i = some.parts().size() - 1; i >= 0 && code.size() < MAX_TESTS; i--) {
      int[] here = new int[some.count() + 1];
      here[0] = ifTrue;
      for (int left = 1; left <= some.count(); left++) {
        boolean reachable = left >= some.count() - i;
        here[left] =
            reachable ? compile(some.parts().get(i), after[left - 1], after[left]) : ifFalse;
      }
      after = here;
    }
    return after[some.count()];
  }
}
