package dev.tidewatch.control.deploy;

import java.time.Instant;

/**
 * What is recorded last, and what of it the topic has.
 *
 * @param hash {@code RuleBook.hash()} of the revision
 * @param published the newest revision that the topic is known to have had
 * @param author who made the revision
 */
record RuleHead(long revision, String hash, long published, String author, Instant at) {
  boolean isPublished() {
    return published >= revision;
  }
}
