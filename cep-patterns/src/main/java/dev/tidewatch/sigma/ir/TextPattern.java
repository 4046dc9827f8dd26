package dev.tidewatch.sigma.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Text with wildcards, as segments: two literals never stand side by side, nor two runs. The empty
 * list is the empty text.
 */
public record TextPattern(List<Segment> segments) {
  /** A part of a pattern. */
  public sealed interface Segment {}

  /** Text as it is; not empty. */
  public record Literal(String text) implements Segment {}

  /** {@code *}: any characters, none too, newlines too. */
  public record AnyRun() implements Segment {}

  /** {@code ?}: one character (a code point). */
  public record AnyCharacter() implements Segment {}

  /** One of these characters; what {@code windash} makes of a dash. */
  public record OneOf(String characters) implements Segment {}

  public TextPattern {
    segments = List.copyOf(segments);
  }

  /** Text without wildcards. */
  public static TextPattern literal(String text) {
    return new TextPattern(text.isEmpty() ? List.of() : List.of(new Literal(text)));
  }

  /**
   * Sigma's notation (row 7): {@code *} and {@code ?} are wildcards, {@code \*}, {@code \?} and
   * {@code \\} the characters themselves, any other backslash a backslash.
   */
  public static TextPattern parse(String sigma) {
    Builder out = new Builder();
    for (int i = 0; i < sigma.length(); i++) {
      char c = sigma.charAt(i);
      if (c == '\\' && i + 1 < sigma.length() && isEscapable(sigma.charAt(i + 1))) {
        out.append(sigma.charAt(++i));
      } else if (c == '*') {
        out.append(new AnyRun());
      } else if (c == '?') {
        out.append(new AnyCharacter());
      } else {
        out.append(c);
      }
    }
    return out.build();
  }

  private static boolean isEscapable(char c) {
    return c == '*' || c == '?' || c == '\\';
  }

  public boolean isLiteral() {
    return segments.isEmpty() || segments.size() == 1 && segments.get(0) instanceof Literal;
  }

  /** The text of a pattern for which {@link #isLiteral} holds. */
  public String literalText() {
    if (!isLiteral()) {
      throw new IllegalStateException("a pattern with wildcards: " + this);
    }
    return segments.isEmpty() ? "" : ((Literal) segments.get(0)).text();
  }

  public boolean hasWildcard() {
    return segments.stream().anyMatch(s -> s instanceof AnyRun || s instanceof AnyCharacter);
  }

  /** The same with every literal (and the characters of every {@link OneOf}) mapped. */
  public TextPattern mapText(UnaryOperator<String> mapping) {
    Builder out = new Builder();
    for (Segment segment : segments) {
      if (segment instanceof Literal literal) {
        mapping.apply(literal.text()).chars().forEach(c -> out.append((char) c));
      } else if (segment instanceof OneOf oneOf) {
        out.append(new OneOf(mapping.apply(oneOf.characters())));
      } else {
        out.append(segment);
      }
    }
    return out.build();
  }

  /** Sigma's notation again; {@link OneOf} shows as its first character. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (Segment segment : segments) {
      if (segment instanceof Literal literal) {
        out.append(escape(literal.text()));
      } else if (segment instanceof OneOf oneOf) {
        out.append(oneOf.characters().charAt(0));
      } else {
        out.append(segment instanceof AnyRun ? '*' : '?');
      }
    }
    return out.toString();
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?");
  }

  /** Joins characters to literals and drops a run after a run. */
  public static final class Builder {
    private final List<Segment> segments = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();

    public void append(char c) {
      literal.append(c);
    }

    public void append(Segment segment) {
      if (segment instanceof Literal more) {
        literal.append(more.text());
        return;
      }
      flush();
      boolean afterRun = !segments.isEmpty() && segments.get(segments.size() - 1) instanceof AnyRun;
      if (!(segment instanceof AnyRun && afterRun)) {
        segments.add(segment);
      }
    }

    private void flush() {
      if (!literal.isEmpty()) {
        segments.add(new Literal(literal.toString()));
        literal.setLength(0);
      }
    }

    public TextPattern build() {
      flush();
      return new TextPattern(segments);
    }
  }
}
