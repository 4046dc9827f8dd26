/**
 * Matching: events against compiled rules. {@link dev.tidewatch.match.ExhaustiveMatcher} is the
 * slow, plain truth: rules are planned once ({@link dev.tidewatch.match.Planner}: ir to {@link
 * dev.tidewatch.match.Plan}s), those whose log source covers the event are evaluated one by one
 * against its values ({@link dev.tidewatch.match.EventValues}, each field read and folded once an
 * event), and what a rule that fires saw is collected in a second pass.
 */
@NullMarked
package dev.tidewatch.match;

import org.jspecify.annotations.NullMarked;
