/**
 * Calls of the Linux kernel that Java has no classes for, through JNA: netlink sockets ({@link
 * dev.tidewatch.agent.collect.kernel.NetlinkSocket}), fanotify ({@link
 * dev.tidewatch.agent.collect.kernel.Fanotify}). What they carry is parsed by those who use them,
 * in plain Java, so that it can be tested without a kernel. On other platforms opening them fails
 * with an {@link java.io.IOException} that says so.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.collect.kernel;
