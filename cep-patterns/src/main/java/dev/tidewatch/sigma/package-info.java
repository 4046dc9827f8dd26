/**
 * Sigma rules from YAML to typed rules: {@link dev.tidewatch.sigma.RuleDirectory} finds the files,
 * {@link dev.tidewatch.sigma.SigmaCompiler} turns {@link dev.tidewatch.sigma.RuleSource}s into
 * {@link dev.tidewatch.sigma.SigmaRule}s and returns them with all diagnostics. A bad rule costs
 * only itself.
 *
 * <p>The flow: {@code yaml} (text to nodes with places) → {@code parse} (nodes to the types of
 * {@code ir}) → {@code rewrite} (ir to ir, one change per class: filters here, what keeps the
 * meaning when the index is made) → {@code dev.tidewatch.match} (plans).
 */
@NullMarked
package dev.tidewatch.sigma;

import org.jspecify.annotations.NullMarked;
