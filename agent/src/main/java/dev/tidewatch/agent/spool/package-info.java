/**
 * The disk between collectors and the network: events wait here until the gateway has them.
 *
 * <p>{@link dev.tidewatch.agent.spool.Spool} is the entry. It is a log of segment files; every
 * record has a sequence number and a CRC32C. Collectors append, the sender reads on from a sequence
 * number, an acknowledgement deletes what lies below it. The acknowledged sequence survives in a
 * small file of its own that is overwritten in place, so that a full disk cannot keep it from
 * moving on.
 *
 * <p>Bounded by bytes and, if wanted, by age. A spool that is full makes collectors wait; it
 * deletes its oldest segment only when {@link dev.tidewatch.agent.spool.FullPolicy} says so. Every
 * record that goes without having been acknowledged is counted in {@link
 * dev.tidewatch.agent.spool.SpoolStats}.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.spool;
