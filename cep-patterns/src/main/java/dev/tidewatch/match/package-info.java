/**
 * Matching: events against compiled rules. {@link dev.tidewatch.match.ExhaustiveMatcher} is the
 * slow, plain truth.
 */
@NullMarked
package dev.tidewatch.match;

import org.jspecify.annotations.NullMarked;
