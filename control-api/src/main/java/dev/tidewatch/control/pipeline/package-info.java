/**
 * Health of everything between Kafka and the console: probes, a background sampler, its snapshot.
 */
@NullMarked
package dev.tidewatch.control.pipeline;

import org.jspecify.annotations.NullMarked;
