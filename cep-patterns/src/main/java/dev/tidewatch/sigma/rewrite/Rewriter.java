package dev.tidewatch.sigma.rewrite;

import dev.tidewatch.sigma.ir.Detection;
import java.util.List;

/** Makes detections smaller before they are indexed; they hold on the same events as before. */
public final class Rewriter {
  /**
   * Quantifiers first, so that what they stand for can be flattened. Flat lists come before equal
   * parts are merged and before alternatives are compared: both look at one list only.
   */
  static final List<Rewrite> ORDER =
      List.of(
          new SpellOutQuantifier(),
          new RemoveDoubleNegation(),
          new FlattenNestedConjunction(),
          new FlattenNestedDisjunction(),
          new MergeEqualParts(),
          new DropSubsumedAlternatives());

  private Rewriter() {}

  /** The detection after all rewrites. */
  public static Detection rewrite(Detection detection) {
    Detection rewritten = detection;
    for (Rewrite rewrite : ORDER) {
      rewritten = rewrite.apply(rewritten);
    }
    return rewritten;
  }
}
