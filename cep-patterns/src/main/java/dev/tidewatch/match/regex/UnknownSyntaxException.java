package dev.tidewatch.match.regex;

/** The expression has something that only RE2/J is trusted with. */
final class UnknownSyntaxException extends Exception {
  private static final long serialVersionUID = 1;

  UnknownSyntaxException(String what) {
    super(what);
  }
}
