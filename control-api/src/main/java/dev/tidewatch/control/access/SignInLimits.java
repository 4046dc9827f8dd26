package dev.tidewatch.control.access;

import java.time.Clock;

/**
 * How often somebody may try to sign in: for one name ten times at once, then once in six seconds;
 * from one address ten times as often, because an office or a proxy hides many users behind one.
 * Thread-safe.
 */
public final class SignInLimits {
  private static final double PER_SECOND = 1.0 / 6;
  private static final double AT_ONCE = 10;
  private static final double USERS_BEHIND_AN_ADDRESS = 10;

  private final RateLimits names;
  private final RateLimits addresses;

  public SignInLimits(Clock clock) {
    names = new RateLimits(PER_SECOND, AT_ONCE, clock);
    addresses =
        new RateLimits(
            USERS_BEHIND_AN_ADDRESS * PER_SECOND, USERS_BEHIND_AN_ADDRESS * AT_ONCE, clock);
  }

  /** Takes one attempt of an address, where nobody's password is guessed. */
  boolean allowsFrom(String address) {
    return addresses.allows(address);
  }

  /** Takes one attempt of both; false when either has none left. */
  public boolean allows(String name, String address) {
    return names.allows(name) && addresses.allows(address);
  }
}
