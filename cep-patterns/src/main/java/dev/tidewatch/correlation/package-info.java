/**
 * Sigma's correlation rules. {@link dev.tidewatch.correlation.CorrelationParser} reads a document
 * into a {@link dev.tidewatch.correlation.CorrelationDocument}; once the rules that it names are
 * known, that becomes a {@link dev.tidewatch.remember.StatefulRule} with a machine made of its
 * {@link dev.tidewatch.correlation.CorrelationPlan}. What the plan means is written down twice:
 * fast in {@code machine}, plainly in {@code reference}; tests hold one against the other.
 *
 * <p>The language, and what was decided where Sigma is silent: {@code
 * docs/reference/correlations.md}.
 */
@NullMarked
package dev.tidewatch.correlation;

import org.jspecify.annotations.NullMarked;
