/**
 * Patterns, for what Sigma's correlations cannot say: {@link dev.tidewatch.pattern.PatternParser}
 * reads a document ({@code parse}), {@link dev.tidewatch.pattern.PatternResolver} makes a plan over
 * the rules it refers to ({@code plan}), and {@code machines} run plans. Plans that follow many
 * partial matches at once go to a {@link dev.tidewatch.pattern.machines.PatternEngine} that a
 * module above brings along: Flink's NFA.
 */
@NullMarked
package dev.tidewatch.pattern;

import org.jspecify.annotations.NullMarked;
