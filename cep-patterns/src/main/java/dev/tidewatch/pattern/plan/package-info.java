/**
 * What a pattern means once its references are resolved: {@link
 * dev.tidewatch.pattern.plan.PatternPlan} over bit masks of members. Machines and Flink's NFA are
 * both made from it.
 */
@NullMarked
package dev.tidewatch.pattern.plan;

import org.jspecify.annotations.NullMarked;
