/**
 * Lookups without Flink: threat intelligence, assets, identities, vulnerabilities (KEV, EPSS), geo;
 * fail-open. Comes alive with the enrichment operator.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.enrichment;
