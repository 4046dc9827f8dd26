/**
 * Sigma rules from YAML to typed rules: {@link dev.tidewatch.sigma.SigmaCompiler} reads {@link
 * dev.tidewatch.sigma.RuleSource}s and returns rules with all diagnostics. A bad rule costs only
 * itself.
 */
@NullMarked
package dev.tidewatch.sigma;

import org.jspecify.annotations.NullMarked;
