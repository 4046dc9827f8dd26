/**
 * The index over rules. {@link dev.tidewatch.match.index.RuleIndex} turns rules into {@link
 * dev.tidewatch.match.index.Expr}essions over shared {@link dev.tidewatch.match.index.FieldTest}s.
 * For the events of one log source and one set of constant values it makes a {@link
 * dev.tidewatch.match.index.Partition}: rules partially evaluated, each with a witness (literals of
 * which one must be found for the rule to fire), the literals in one {@link
 * dev.tidewatch.match.index.FieldIndex} per field, the conditions as {@link
 * dev.tidewatch.match.index.Branches}. {@link dev.tidewatch.match.index.Evaluation} runs one event
 * through a partition.
 */
@NullMarked
package dev.tidewatch.match.index;

import org.jspecify.annotations.NullMarked;
