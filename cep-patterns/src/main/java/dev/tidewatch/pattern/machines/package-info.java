/**
 * What runs a pattern's plan. {@link dev.tidewatch.pattern.machines.SequenceMachine}: sequences,
 * conjunctions, disjunctions, counts and absence with one partial match for each step. {@link
 * dev.tidewatch.pattern.machines.CadenceMachine}: regular intervals. {@link
 * dev.tidewatch.pattern.machines.PlannedMachine}: everything else, through the {@link
 * dev.tidewatch.pattern.machines.PatternEngine} that is on the class path. All see {@link
 * dev.tidewatch.pattern.machines.PatternEvent}s, which {@link
 * dev.tidewatch.pattern.machines.EventMachine} makes of the matches of one instant.
 */
@NullMarked
package dev.tidewatch.pattern.machines;

import org.jspecify.annotations.NullMarked;
