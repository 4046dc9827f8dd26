/**
 * A client of <a href="https://theupdateframework.github.io/specification/v1.0.34/">The Update
 * Framework</a>, 1.0: which files may be trusted, when the place they come from may not.
 *
 * <p>{@link dev.tidewatch.agent.update.tuf.TufClient} is the workflow (the specification's section
 * 5): it asks a {@link dev.tidewatch.agent.update.tuf.Mirror} for metadata, lets {@link
 * dev.tidewatch.agent.update.tuf.Trust} decide, and keeps what was trusted in a {@link
 * dev.tidewatch.agent.update.tuf.MetadataDirectory}. {@link
 * dev.tidewatch.agent.update.tuf.Envelope} is a signed file as read, {@link
 * dev.tidewatch.agent.update.tuf.CanonicalJson} the bytes that are signed. Ed25519 only; no
 * delegations: a target that only a delegated role names is not found. Nothing here knows what the
 * files are for.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.update.tuf;
