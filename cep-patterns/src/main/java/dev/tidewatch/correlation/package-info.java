/** Sigma's correlation rules: {@link dev.tidewatch.correlation.CorrelationParser} reads them. */
@NullMarked
package dev.tidewatch.correlation;

import org.jspecify.annotations.NullMarked;
