/**
 * Who may send: tokens, certificates, API keys.
 *
 * <p>{@link dev.tidewatch.control.gateway.enrollment.EnrollmentEndpoint} turns a one-time token and
 * a certificate request into a short-lived client certificate of the gateway's own {@link
 * dev.tidewatch.control.gateway.enrollment.CertificateAuthority}, bound to tenant and agent id.
 * {@link dev.tidewatch.control.gateway.enrollment.AgentTrust} lets only such certificates through
 * the TLS handshake, {@link dev.tidewatch.control.gateway.enrollment.AgentIdentity} reads them.
 * What must survive a restart is in an {@link
 * dev.tidewatch.control.gateway.enrollment.EnrollmentStore}.
 */
@NullMarked
package dev.tidewatch.control.gateway.enrollment;

import org.jspecify.annotations.NullMarked;
