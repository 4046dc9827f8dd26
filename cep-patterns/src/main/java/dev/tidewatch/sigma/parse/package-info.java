/**
 * From YAML nodes to the types of {@code ir}, with every finding on the way. {@link
 * dev.tidewatch.sigma.parse.RuleParser} reads one document: its head by {@link
 * dev.tidewatch.sigma.parse.HeadParser}, its detection by {@link
 * dev.tidewatch.sigma.parse.DetectionParser}, which asks {@link
 * dev.tidewatch.sigma.parse.ItemParser} for each field and {@link
 * dev.tidewatch.sigma.parse.ConditionParser} for the condition.
 */
@NullMarked
package dev.tidewatch.sigma.parse;

import org.jspecify.annotations.NullMarked;
