package dev.tidewatch.control.gateway.enrollment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An agent that has enrolled.
 *
 * @param agentId UUIDv7 as text
 * @param host as it named itself when it enrolled
 * @param fingerprint of its hardware at enrolment, hex
 * @param certificateSerial of the certificate issued last, hex
 * @param certificateNotAfter when that expires
 * @param revoked why it is locked out; null while it is not
 * @param cloneFingerprint other hardware that showed up with this identity, hex; null for none
 */
public record EnrolledAgent(
    String agentId,
    String tenant,
    String host,
    String platform,
    String agentVersion,
    String fingerprint,
    Instant enrolled,
    String certificateSerial,
    Instant certificateNotAfter,
    @Nullable String revoked,
    @Nullable String cloneFingerprint) {

  EnrolledAgent renewed(String serial, Instant notAfter) {
    return new EnrolledAgent(
        agentId,
        tenant,
        host,
        platform,
        agentVersion,
        fingerprint,
        enrolled,
        serial,
        notAfter,
        revoked,
        cloneFingerprint);
  }

  EnrolledAgent revoked(String reason) {
    return new EnrolledAgent(
        agentId,
        tenant,
        host,
        platform,
        agentVersion,
        fingerprint,
        enrolled,
        certificateSerial,
        certificateNotAfter,
        reason,
        cloneFingerprint);
  }

  EnrolledAgent cloned(String otherFingerprint) {
    return new EnrolledAgent(
        agentId,
        tenant,
        host,
        platform,
        agentVersion,
        fingerprint,
        enrolled,
        certificateSerial,
        certificateNotAfter,
        revoked,
        otherFingerprint);
  }
}
