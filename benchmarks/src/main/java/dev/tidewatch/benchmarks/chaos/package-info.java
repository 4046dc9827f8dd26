/**
 * The fault rig of {@code tidewatch chaos}: the detection job on real processes that are killed.
 *
 * <p>{@link dev.tidewatch.benchmarks.chaos.ChaosRun} starts a {@link
 * dev.tidewatch.benchmarks.chaos.ChaosCluster} (ZooKeeper, JobManager and TaskManagers from Flink's
 * own entry points, Kafka, ClickHouse, each a process), sends {@link
 * dev.tidewatch.benchmarks.chaos.ChaosTelemetry} under load, kills one process after another with
 * {@code kill -9}, and holds the alerts in Kafka and in ClickHouse against those that the same
 * events give without any fault.
 */
@NullMarked
package dev.tidewatch.benchmarks.chaos;

import org.jspecify.annotations.NullMarked;
