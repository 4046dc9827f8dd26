/**
 * Who this agent is. {@link dev.tidewatch.agent.enroll.Enroller} makes a key pair, proves to the
 * gateway with a one-time token that it may have a certificate for it, and renews that before it
 * expires; {@link dev.tidewatch.agent.enroll.Identity} is what it gets, in one file that only the
 * owner may read. The private key never leaves the machine.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewatch.agent.enroll;
