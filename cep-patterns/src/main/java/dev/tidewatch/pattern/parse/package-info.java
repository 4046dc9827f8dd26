/**
 * From YAML nodes to a {@link dev.tidewatch.pattern.parse.PatternTree}, with every finding on the
 * way: {@link dev.tidewatch.pattern.parse.PatternReader} reads the {@code pattern} section, {@link
 * dev.tidewatch.pattern.parse.StepReader} its steps, {@link dev.tidewatch.pattern.parse.BodyReader}
 * what an event must fit, {@link dev.tidewatch.pattern.parse.WhereReader} comparisons. {@link
 * dev.tidewatch.pattern.parse.PatternChecks} says what cannot be meant.
 */
@NullMarked
package dev.tidewatch.pattern.parse;

import org.jspecify.annotations.NullMarked;
