/**
 * ClickHouse in a process of its own: {@code libchdb}, the real engine as a shared library, behind
 * ClickHouse's HTTP protocol.
 *
 * <p>{@link dev.tidewatch.embedded.clickhouse.ClickHouseLibrary} finds or fetches the library.
 * {@link dev.tidewatch.embedded.clickhouse.ClickHouseServerMain} is the process: it locks the data
 * directory, opens the {@code Engine}, and serves it through {@code HttpFront}. A request flows
 * {@code QueryHandler} (who, what) → {@code RequestBody} (decompress) → {@code Statement} (where
 * SQL ends and data begins) → {@code EngineConnection} (one per request or session) → {@code
 * ResponseBody} (compress; break the connection on an error in mid-stream).
 *
 * <p>The front speaks what clickhouse-jdbc, client-v2 and curl use. It does not offer users beside
 * the one configured, roles, query cancellation, or progress headers.
 */
@NullMarked
package dev.tidewatch.embedded.clickhouse;

import org.jspecify.annotations.NullMarked;
