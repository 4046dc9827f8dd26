package dev.tidewatch.match.index;

import org.jspecify.annotations.Nullable;

/**
 * Rules for the events of one log source and one set of constant values, ready to be tried. Rules
 * and tests have numbers of their own here, so that what an event needs lies close together.
 *
 * @param rules numbers in the rule set, by number here
 * @param programs {@link Branches}, by rule; empty: only the reference can evaluate the rule
 * @param tests by number here
 * @param decided whether a test that no index found does not hold
 * @param always rules to be tried on every event
 */
record Partition(
    int[] rules,
    int[][] programs,
    FieldTest[] tests,
    boolean[] decided,
    int[] always,
    FieldIndex[] fields,
    @Nullable KeywordIndex keywords) {}
