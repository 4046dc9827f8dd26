/**
 * What REMEMBER is, without Flink: stateful rules over matches, in event time.
 *
 * <p>A {@link dev.tidewatch.remember.StatefulRule} (a Sigma correlation or a pattern) names its
 * {@link dev.tidewatch.remember.Member}s: rules that MATCH evaluates. Each time one fires, {@link
 * dev.tidewatch.remember.Subscriptions} makes a {@link dev.tidewatch.remember.Match} for a {@link
 * dev.tidewatch.remember.GroupKey}. All that is remembered of a group is its {@link
 * dev.tidewatch.remember.GroupState}: matches that the watermark has not passed, the {@link
 * dev.tidewatch.remember.MachineState} of the rule's {@link dev.tidewatch.remember.Machine}, and
 * the {@link dev.tidewatch.remember.Episode} that is open. {@link dev.tidewatch.remember.GroupRun}
 * moves a group on to a watermark and says which episodes changed.
 *
 * <p>The Flink operator of {@code jobs} and {@link dev.tidewatch.remember.BoundedRemember} (files,
 * tests) both drive {@code GroupRun}, so live and bounded runs give the same alerts.
 */
@NullMarked
package dev.tidewatch.remember;

import org.jspecify.annotations.NullMarked;
