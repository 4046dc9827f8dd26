package dev.tidewatch.control.gateway.syslog;

import dev.tidewatch.control.gateway.enrollment.TenantIds;
import java.time.ZoneId;

/**
 * A port for syslog. Senders cannot say whose they are, so the port does.
 *
 * @param port 0 for a free one
 * @param tls whether senders speak TLS (RFC 5425)
 * @param zone of timestamps that have none (RFC 3164)
 */
public record SyslogListener(int port, boolean tls, String tenant, ZoneId zone) {
  /**
   * @throws IllegalArgumentException for a port or tenant that cannot be
   */
  public SyslogListener {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("gateway.syslog.port: must be from 0 to 65535");
    }
    TenantIds.require(tenant);
  }
}
