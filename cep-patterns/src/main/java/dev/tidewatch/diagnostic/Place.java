package dev.tidewatch.diagnostic;

/**
 * A place in a text.
 *
 * @param line 1-based; 0 is no place
 * @param column 1-based, in code points; 0 is no place
 */
public record Place(int line, int column) {
  public static final Place NONE = new Place(0, 0);
}
