/**
 * What correlations mean, written plainly: {@link
 * dev.tidewatch.correlation.reference.ReferenceCorrelation} goes over a sorted list of matches and
 * looks at each window as a whole. It is slow and for tests; the machines are held against it.
 */
@NullMarked
package dev.tidewatch.correlation.reference;

import org.jspecify.annotations.NullMarked;
