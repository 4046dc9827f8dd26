/**
 * How control state changes: {@link dev.tidewatch.control.change.Changes} runs each change in one
 * transaction with its audit record, and once for each idempotency key.
 */
@NullMarked
package dev.tidewatch.control.change;

import org.jspecify.annotations.NullMarked;
