package dev.tidewatch.match;

import dev.tidewatch.sigma.ir.TextMode;
import dev.tidewatch.sigma.ir.TextPattern;
import dev.tidewatch.sigma.ir.TextPattern.AnyCharacter;
import dev.tidewatch.sigma.ir.TextPattern.AnyRun;
import dev.tidewatch.sigma.ir.TextPattern.Literal;
import dev.tidewatch.sigma.ir.TextPattern.OneOf;
import dev.tidewatch.sigma.ir.TextPattern.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * Tests text against a pattern (row 7), without regular expressions. Folding is the caller's: both
 * sides folded, or neither.
 *
 * <p>A pattern with wildcards is cut at its runs ({@code *}) into chunks. The first chunk must
 * stand at the start and the last at the end, unless a run does; each of the others at the first
 * place after its predecessor. A chunk covers a fixed number of code points, so the first place
 * never rules out a match that a later one would allow, and nothing is tried twice.
 */
abstract class TextMatcher {
  abstract boolean matches(String text);

  /** Rough cost, see {@link Plan#cost}. */
  abstract int cost();

  static TextMatcher of(TextPattern pattern, TextMode mode) {
    return pattern.isLiteral() ? new Plain(pattern.literalText(), mode) : new Glob(pattern, mode);
  }

  /** No wildcard. */
  private static final class Plain extends TextMatcher {
    private final String wanted;
    private final TextMode mode;

    Plain(String wanted, TextMode mode) {
      this.wanted = wanted;
      this.mode = mode;
    }

    @Override
    boolean matches(String text) {
      return switch (mode) {
        case EQUALS -> text.equals(wanted);
        case CONTAINS -> text.contains(wanted);
        case STARTSWITH -> text.startsWith(wanted);
        case ENDSWITH -> text.endsWith(wanted);
      };
    }

    @Override
    int cost() {
      return mode == TextMode.CONTAINS ? 4 : 2;
    }
  }

  /** With wildcards. */
  private static final class Glob extends TextMatcher {
    private final List<Chunk> chunks = new ArrayList<>();
    private final boolean fromStart;
    private final boolean toEnd;

    Glob(TextPattern pattern, TextMode mode) {
      List<Segment> segments = pattern.segments();
      boolean openStart = mode == TextMode.CONTAINS || mode == TextMode.ENDSWITH;
      boolean openEnd = mode == TextMode.CONTAINS || mode == TextMode.STARTSWITH;
      fromStart = !openStart && !(segments.get(0) instanceof AnyRun);
      toEnd = !openEnd && !(segments.get(segments.size() - 1) instanceof AnyRun);
      List<Segment> chunk = new ArrayList<>();
      for (Segment segment : segments) {
        if (segment instanceof AnyRun) {
          addChunk(chunk);
        } else {
          chunk.add(segment);
        }
      }
      addChunk(chunk);
    }

    private void addChunk(List<Segment> segments) {
      if (!segments.isEmpty()) {
        chunks.add(new Chunk(segments.toArray(Segment[]::new)));
        segments.clear();
      }
    }

    @Override
    boolean matches(String text) {
      int first = 0;
      int last = chunks.size();
      int at = 0;
      int limit = text.length();
      if (fromStart) {
        at = chunks.get(first++).endAt(text, 0, limit);
        if (at < 0 || toEnd && first == last) {
          return at == limit;
        }
      }
      if (toEnd) {
        limit = chunks.get(--last).startBefore(text, at);
      }
      for (int i = first; i < last && at >= 0; i++) {
        at = chunks.get(i).firstEnd(text, at, limit);
      }
      return at >= 0 && limit >= at;
    }

    @Override
    int cost() {
      return 8;
    }
  }

  /** Literals, single characters and classes in a row. */
  private static final class Chunk {
    private final Segment[] segments;
    private final int codePoints;

    Chunk(Segment[] segments) {
      this.segments = segments;
      int count = 0;
      for (Segment segment : segments) {
        count += segment instanceof Literal l ? l.text().codePointCount(0, l.text().length()) : 1;
      }
      this.codePoints = count;
    }

    /** Where it ends if it stands at {@code from} and ends by {@code limit}; otherwise -1. */
    int endAt(String text, int from, int limit) {
      int at = from;
      for (Segment segment : segments) {
        at = endAt(segment, text, at, limit);
        if (at < 0) {
          return -1;
        }
      }
      return at;
    }

    private static int endAt(Segment segment, String text, int at, int limit) {
      if (segment instanceof Literal literal) {
        int end = at + literal.text().length();
        return end <= limit && text.startsWith(literal.text(), at) ? end : -1;
      }
      if (at >= limit) {
        return -1;
      }
      if (segment instanceof AnyCharacter) {
        int end = at + Character.charCount(text.codePointAt(at));
        return end <= limit ? end : -1;
      }
      return ((OneOf) segment).characters().indexOf(text.charAt(at)) >= 0 ? at + 1 : -1;
    }

    /** End of its first occurrence from {@code from} on, by {@code limit}; -1 without one. */
    int firstEnd(String text, int from, int limit) {
      int at = from;
      while (at <= limit) {
        if (segments[0] instanceof Literal literal) {
          at = text.indexOf(literal.text(), at);
          if (at < 0) {
            return -1;
          }
        }
        int end = endAt(text, at, limit);
        if (end >= 0 || at >= limit) {
          return end;
        }
        at += Character.charCount(text.codePointAt(at));
      }
      return -1;
    }

    /** Where it starts if it stands at the end of the text, from {@code from} on; otherwise -1. */
    int startBefore(String text, int from) {
      int start = text.length();
      for (int i = 0; i < codePoints; i++) {
        if (start <= from) {
          return -1;
        }
        start -= Character.charCount(text.codePointBefore(start));
      }
      return start >= from && endAt(text, start, text.length()) == text.length() ? start : -1;
    }
  }
}
