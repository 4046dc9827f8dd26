/**
 * The one path into Kafka behind every way in.
 *
 * <p>Whoever receives events charges the tenant's {@link
 * dev.tidewatch.control.gateway.ingest.Quotas}, reserves their bytes in {@link
 * dev.tidewatch.control.gateway.ingest.InFlight}, and hands them to {@link
 * dev.tidewatch.control.gateway.ingest.Ingest}, whose answer completes when Kafka has them. Nothing
 * is acknowledged to a sender before that.
 */
@NullMarked
package dev.tidewatch.control.gateway.ingest;

import org.jspecify.annotations.NullMarked;
