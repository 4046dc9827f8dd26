/**
 * Why a rule fires on an event, or does not. {@link dev.tidewatch.explain.Explainer} evaluates the
 * whole rule without short cuts and returns an {@link dev.tidewatch.explain.Explanation}: the log
 * source step, the condition as a tree, and every selection down to its single predicates, each
 * with the values seen and the reason. {@link dev.tidewatch.explain.ExplanationJson} writes it
 * down.
 *
 * <p>Predicates are evaluated by the matcher's own code; a property test holds {@link
 * dev.tidewatch.explain.Explanation#fired} against the matcher.
 */
@NullMarked
package dev.tidewatch.explain;

import org.jspecify.annotations.NullMarked;
