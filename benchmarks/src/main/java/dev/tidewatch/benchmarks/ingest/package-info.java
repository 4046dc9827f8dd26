/**
 * Load on the telemetry gateway. {@link dev.tidewatch.benchmarks.ingest.IngestBenchmark} starts a
 * Kafka broker here and a gateway in a process of its own, lets real gRPC clients stream over
 * mutual TLS ({@link dev.tidewatch.benchmarks.ingest.LoadAgent}), and holds the rate against the
 * plain Kafka producer in the same run. Results: {@code docs/benchmarks/ingest.md}.
 */
@NullMarked
package dev.tidewatch.benchmarks.ingest;

import org.jspecify.annotations.NullMarked;
