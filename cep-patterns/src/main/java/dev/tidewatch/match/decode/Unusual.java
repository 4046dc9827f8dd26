package dev.tidewatch.match.decode;

/**
 * The payload has something that is not read here: it is malformed, or so rare that the reference
 * alone knows how to read it. Says nothing about the event; carries no stack trace.
 */
public final class Unusual extends RuntimeException {
  private static final long serialVersionUID = 1;

  static final Unusual MALFORMED = new Unusual("perhaps malformed");
  static final Unusual DUPLICATE_KEY = new Unusual("a key twice in an object");
  static final Unusual TOO_LARGE = new Unusual("large, or deeply nested");
  static final Unusual ESCAPED_KEY = new Unusual("a key with escapes");
  static final Unusual ENCODING = new Unusual("invalid UTF-8");
  static final Unusual LAYOUT = new Unusual("fields where only the reference finds them");

  private Unusual(String message) {
    super(message, null, false, false);
  }
}
