/**
 * Findings about the style and sense of rules that compile. {@link dev.tidewatch.lint.RuleLinter}
 * reads each file once more as YAML for the conventions ({@link dev.tidewatch.lint.HeadLint},
 * {@link dev.tidewatch.lint.TagLint}), looks at values and names in the typed rule ({@link
 * dev.tidewatch.lint.DetectionLint}), and asks {@link dev.tidewatch.lint.LogicLint} whether the
 * rule, or a part of it, can hold at all. {@link dev.tidewatch.lint.Tableau} decides that.
 */
@NullMarked
package dev.tidewatch.lint;

import org.jspecify.annotations.NullMarked;
