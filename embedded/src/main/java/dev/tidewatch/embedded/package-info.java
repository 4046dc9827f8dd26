/**
 * Real servers with nothing to install: {@link dev.tidewatch.embedded.EmbeddedKafka}, {@link
 * dev.tidewatch.embedded.EmbeddedClickHouse}, {@link dev.tidewatch.embedded.EmbeddedPostgres}. Each
 * starts on loopback with a data directory and stops when closed.
 */
@NullMarked
package dev.tidewatch.embedded;

import org.jspecify.annotations.NullMarked;
