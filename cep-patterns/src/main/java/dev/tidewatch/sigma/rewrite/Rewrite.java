package dev.tidewatch.sigma.rewrite;

import dev.tidewatch.sigma.ir.Detection;

/** A change of a detection that keeps on which events it holds. */
interface Rewrite {
  /** The detection changed; the same object where there is nothing to change. */
  Detection apply(Detection detection);
}
