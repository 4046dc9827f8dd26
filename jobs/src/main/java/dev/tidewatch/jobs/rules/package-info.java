/**
 * Rules that change while the job runs. A {@link dev.tidewatch.jobs.rules.RuleFeed} follows the
 * topic {@code rules} once per TaskManager process, compiles each revision off the task threads and
 * publishes it as an immutable {@link dev.tidewatch.jobs.rules.RuleSet}; operators hold a {@link
 * dev.tidewatch.jobs.rules.RuleSetFollower}, which says what to run now, and count per rule in
 * {@link dev.tidewatch.jobs.rules.RuleCounters}. What runs where goes to the topic {@code
 * rules.status}.
 */
@NullMarked
package dev.tidewatch.jobs.rules;

import org.jspecify.annotations.NullMarked;
