package dev.tidewatch.agent;

import dev.tidewatch.agent.enroll.Enroller;
import dev.tidewatch.agent.enroll.GatewayChannels;
import dev.tidewatch.agent.enroll.Identity;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Keeps the certificate from expiring. */
final class Certificates {
  private static final Logger LOG = System.getLogger(Certificates.class.getName());
  private static final Duration RETRY = Duration.ofMinutes(5);

  private final Path file;
  private final Enroller enroller;
  private final Duration keepalive;
  private final InstantSource clock;
  private volatile Identity identity;
  private Instant nextTry = Instant.EPOCH;

  /**
   * @param keepalive of channels
   */
  Certificates(
      Path file, Identity identity, Enroller enroller, Duration keepalive, InstantSource clock) {
    this.keepalive = keepalive;
    this.file = file;
    this.identity = identity;
    this.enroller = enroller;
    this.clock = clock;
  }

  Identity identity() {
    return identity;
  }

  ManagedChannel open() throws GeneralSecurityException {
    return GatewayChannels.open(identity, keepalive);
  }

  /** Renews when it is time to. */
  void renewIfDue() {
    if (clock.instant().isAfter(identity.renewAfter())) {
      renew();
    }
  }

  /** Renews now, unless that failed a moment ago. */
  synchronized void renew() {
    if (clock.instant().isBefore(nextTry)) {
      return;
    }
    try {
      Identity renewed = enroller.renew(identity);
      renewed.save(file);
      identity = renewed;
      LOG.log(Level.INFO, "the certificate is renewed until {0}", renewed.notAfter());
    } catch (IOException e) {
      nextTry = clock.instant().plus(RETRY);
      LOG.log(Level.WARNING, "{0}; it is valid until {1}", e.getMessage(), identity.notAfter());
    }
  }
}
