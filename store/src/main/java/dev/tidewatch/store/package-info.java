/**
 * ClickHouse: migrations of the database {@code tidewatch}, batch writers, and one query class per
 * thing that is asked. Begin at {@link dev.tidewatch.store.ClickHouseStore}.
 *
 * <p><b>Schema.</b> {@code migrations/V*.sql}, applied in order by {@code Migrator}. Every table is
 * a ReplacingMergeTree whose sorting key is a row's identity: what is delivered again replaces
 * itself, and every query reads {@code FINAL}.
 *
 * <p><b>Writing.</b> {@link dev.tidewatch.store.EventWriter} and its siblings encode rows into one
 * buffer of RowBinary ({@code RowBinaryBuffer}) and send it as one insert ({@code InsertChannel}).
 *
 * <p><b>Reading.</b> {@link dev.tidewatch.store.AlertQueries}, {@link
 * dev.tidewatch.store.EventQueries} and {@link dev.tidewatch.store.PipelineQueries} build a {@code
 * Condition} that begins with the tenant, send values as query parameters only, and read RowBinary
 * back ({@code RowBinaryReader}). Lists find the keys of a page first and then its rows.
 *
 * <p><b>Failing.</b> {@code StoreFailures} sorts every failure into {@link
 * dev.tidewatch.store.StoreUnavailableException} (keep the data, retry) and {@link
 * dev.tidewatch.store.StoreRejectedException} (the same again will not help).
 */
@NullMarked
package dev.tidewatch.store;

import org.jspecify.annotations.NullMarked;
