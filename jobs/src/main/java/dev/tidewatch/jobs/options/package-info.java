/**
 * Options of the jobs: {@link dev.tidewatch.jobs.options.DetectionOptions} declares each with its
 * type, default and description, and checks all of them at once.
 */
@NullMarked
package dev.tidewatch.jobs.options;

import org.jspecify.annotations.NullMarked;
