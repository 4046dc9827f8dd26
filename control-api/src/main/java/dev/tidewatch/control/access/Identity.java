package dev.tidewatch.control.access;

/** What is known of a caller: who it is, or why that is not known. */
public sealed interface Identity permits Principal, Identity.Unknown {
  /** Nothing was shown. */
  Unknown ANONYMOUS = new Unknown("no credentials");

  /**
   * @param reason for the caller: what was wrong with the credentials, without their content
   */
  record Unknown(String reason) implements Identity {}
}
