/**
 * Events become batches: {@link dev.tidewatch.agent.batch.BatchWriter} gathers what collectors emit
 * for a moment, compresses it once, and appends it to the spool, as the gateway will get it.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.batch;
