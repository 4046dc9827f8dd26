/**
 * Features, scorers, registry, trainers and parity checks; no Flink. Comes alive with the SCORE
 * operator.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.ml;
