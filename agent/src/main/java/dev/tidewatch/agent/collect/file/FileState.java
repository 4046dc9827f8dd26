package dev.tidewatch.agent.collect.file;

/**
 * What is remembered of a watched file.
 *
 * @param sha256 empty: too large, or not readable
 */
record FileState(long size, long modifiedMillis, String sha256) {}
