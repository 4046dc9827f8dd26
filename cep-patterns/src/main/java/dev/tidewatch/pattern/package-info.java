/** Patterns: {@link dev.tidewatch.pattern.PatternParser} reads them. */
@NullMarked
package dev.tidewatch.pattern;

import org.jspecify.annotations.NullMarked;
