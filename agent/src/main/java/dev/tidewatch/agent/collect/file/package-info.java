/**
 * Files that appear, change and go, as Sigma's {@code file_event}, {@code file_change} and {@code
 * file_delete}. {@link dev.tidewatch.agent.collect.file.FileCollector} watches the directories that
 * its globs can match in, and remembers the hash of every watched file, also across restarts, so
 * that a change made while it was away is seen.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.collect.file;
