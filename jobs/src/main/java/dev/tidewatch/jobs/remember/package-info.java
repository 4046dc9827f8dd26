/**
 * REMEMBER in Flink. MATCH hands what fires to {@link dev.tidewatch.jobs.remember.StatefulMatches},
 * which makes {@link dev.tidewatch.jobs.remember.StatefulMatch}es; {@link
 * dev.tidewatch.jobs.remember.RememberOperator}, keyed by {@link dev.tidewatch.remember.GroupKey},
 * keeps them until the watermark has passed them, moves their groups on and turns episodes into
 * alerts. There is one such operator for each level of chains; {@link
 * dev.tidewatch.jobs.remember.RememberStage} wires them. {@link
 * dev.tidewatch.jobs.remember.RateCeiling} stands between them and the alert sinks.
 *
 * <p>What a stateful rule is and what it remembers is in {@link dev.tidewatch.remember}, without
 * Flink; here are keys, timers, serializers, side outputs and metrics.
 */
@NullMarked
package dev.tidewatch.jobs.remember;

import org.jspecify.annotations.NullMarked;
