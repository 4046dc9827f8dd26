package dev.tidewatch.pattern.plan;

import java.io.Serializable;

/**
 * Regular intervals.
 *
 * @param atLeast events, from 4
 * @param shortestMicros the median of the gaps is at least this
 * @param longestMicros and at most this
 * @param jitter share of the median, from 0 to 0.5
 * @param silenceMicros a longer gap begins anew
 */
public record CadencePlan(
    int atLeast, long shortestMicros, long longestMicros, double jitter, long silenceMicros)
    implements Serializable {}
