/**
 * The supply side of updates: a publisher's repository of releases, and its keys.
 *
 * <p>{@link dev.tidewatch.agent.release.ReleaseRepository} is a directory that any web server can
 * serve as it is: metadata of The Update Framework with consistent snapshots, the jars, and {@link
 * dev.tidewatch.agent.release.PatchMaker patches} between them. {@link
 * dev.tidewatch.agent.release.KeyDirectory} holds private keys. Used by {@code tidewatch agent
 * release}; not in the jar of an endpoint.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.release;
