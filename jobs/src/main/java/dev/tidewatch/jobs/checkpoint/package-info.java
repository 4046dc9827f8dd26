/**
 * Where a job that starts again goes on: {@link dev.tidewatch.jobs.checkpoint.RetainedCheckpoints}
 * finds the newest checkpoint or savepoint that can be read.
 */
@NullMarked
package dev.tidewatch.jobs.checkpoint;

import org.jspecify.annotations.NullMarked;
