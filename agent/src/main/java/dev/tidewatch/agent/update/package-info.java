/**
 * How an installed agent becomes a newer one by itself.
 *
 * <p>{@link dev.tidewatch.agent.update.UpdateLoop} asks now and then. {@link
 * dev.tidewatch.agent.update.Updater} is one check: {@code tuf} says which files may be trusted,
 * {@link dev.tidewatch.agent.update.AgentRelease} which of them is for this agent, a {@link
 * dev.tidewatch.agent.update.ZstdPatch} or the whole file becomes the new jar, and {@link
 * dev.tidewatch.agent.update.InstalledVersions} makes it the one that the launcher ({@code
 * packaging/launch.sh}) starts next, on trial. A version that is not {@linkplain
 * dev.tidewatch.agent.update.InstalledVersions#confirm confirmed} in time is taken back by the
 * launcher.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.update;
