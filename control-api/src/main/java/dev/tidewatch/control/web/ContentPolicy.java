package dev.tidewatch.control.web;

import java.security.SecureRandom;
import java.util.Base64;

/** Content security policies: what a page of ours may load and do. */
final class ContentPolicy {
  /** For everything that is not the console's page. */
  static final String NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

  private static final String CONSOLE =
      String.join(
          "; ",
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self' 'nonce-%s'",
          "connect-src 'self'",
          "img-src 'self' data:",
          "font-src 'self'",
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'none'",
          "require-trusted-types-for 'script'",
          "trusted-types default");

  private static final SecureRandom RANDOM = new SecureRandom();

  private ContentPolicy() {}

  /** 128 random bits, once per response. */
  static String nonce() {
    byte[] bits = new byte[16];
    RANDOM.nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  /** For the console's page: its own files, and styles that carry the nonce. */
  static String console(String nonce) {
    return CONSOLE.formatted(nonce);
  }
}
