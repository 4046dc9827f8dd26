/**
 * ClickHouse: migrations of the database {@code tidewatch}, batch writers, and one query class per
 * thing that is asked.
 */
@NullMarked
package dev.tidewatch.store;

import org.jspecify.annotations.NullMarked;
