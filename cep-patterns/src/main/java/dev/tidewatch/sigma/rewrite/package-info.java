/**
 * Changes of rules, one per class and named as a verb, from ir to ir.
 *
 * <p>{@link ApplyFilter} changes what a rule means; the compiler applies it, and everybody sees its
 * result. All others are {@link Rewrite}s: a detection holds on the same events after them. {@link
 * Rewriter} runs them in their order when the index is made. The rule itself stays as it is
 * written, for explanations, the linter and evidence, and for the reference matcher, which is thus
 * the judge of every rewrite.
 */
@NullMarked
package dev.tidewatch.sigma.rewrite;

import org.jspecify.annotations.NullMarked;
