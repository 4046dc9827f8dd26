/**
 * MATCH: {@link dev.tidewatch.jobs.match.MatchFunction} puts every event to the rule set that all
 * slots of a TaskManager share ({@link dev.tidewatch.jobs.rules.RuleSet}) and turns what fires into
 * alerts ({@link dev.tidewatch.jobs.match.AlertFactory}).
 */
@NullMarked
package dev.tidewatch.jobs.match;

import org.jspecify.annotations.NullMarked;
