package dev.tidewatch.control.gateway.enrollment;

import java.util.regex.Pattern;

/** Which tenant ids can stand in a certificate. */
public final class TenantIds {
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private TenantIds() {}

  public static boolean isValid(String tenant) {
    return TENANT.matcher(tenant).matches();
  }

  /**
   * @return {@code tenant}
   * @throws IllegalArgumentException when no tenant can have it
   */
  public static String require(String tenant) {
    if (!isValid(tenant)) {
      throw new IllegalArgumentException(
          "tenant: must be 1 to 64 letters, digits or . _ - and start with a letter or digit");
    }
    return tenant;
  }
}
