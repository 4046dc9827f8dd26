package dev.tidewatch.match.index;

import dev.tidewatch.match.CaseFolding;
import dev.tidewatch.match.decode.EventFields;
import dev.tidewatch.match.decode.Text;
import dev.tidewatch.match.decode.Words;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.TextMode;
import dev.tidewatch.sigma.ir.TextPattern;
import dev.tidewatch.sigma.ir.TextPattern.AnyRun;
import dev.tidewatch.sigma.ir.TextPattern.OneOf;
import dev.tidewatch.sigma.ir.TextPattern.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * Text with wildcards, on bytes: cut at its runs into chunks, of which the first must stand at the
 * start and the last at the end unless a run does, and each of the others at the first place after
 * its predecessor. A chunk covers a fixed number of characters, so nothing is tried twice.
 */
final class GlobTest extends FieldTest.OfValue {
  private static final byte[] NO_TEXT = {};

  private final boolean cased;
  private final boolean fromStart;
  private final boolean toEnd;
  private final Chunk[] chunks;
  private final List<Literal> literals;

  GlobTest(int field, Predicate.Text predicate) {
    super(field);
    this.cased = predicate.cased();
    TextMode mode = predicate.mode();
    TextPattern folded = predicate.text().mapText(CaseFolding::fold);
    List<Segment> segments = (cased ? predicate.text() : folded).segments();
    boolean openStart = mode == TextMode.CONTAINS || mode == TextMode.ENDSWITH;
    boolean openEnd = mode == TextMode.CONTAINS || mode == TextMode.STARTSWITH;
    this.fromStart = !openStart && !(segments.get(0) instanceof AnyRun);
    this.toEnd = !openEnd && !(segments.get(segments.size() - 1) instanceof AnyRun);
    this.chunks = chunks(segments);
    this.literals = longest(folded.segments());
  }

  private static Chunk[] chunks(List<Segment> segments) {
    List<Chunk> chunks = new ArrayList<>();
    List<Segment> chunk = new ArrayList<>();
    for (Segment segment : segments) {
      if (!(segment instanceof AnyRun)) {
        chunk.add(segment);
      } else if (!chunk.isEmpty()) {
        chunks.add(new Chunk(chunk));
        chunk.clear();
      }
    }
    if (!chunk.isEmpty()) {
      chunks.add(new Chunk(chunk));
    }
    return chunks.toArray(Chunk[]::new);
  }

  private static List<Literal> longest(List<Segment> segments) {
    byte[] best = NO_TEXT;
    for (Segment segment : segments) {
      if (segment instanceof TextPattern.Literal literal) {
        byte[] text = Text.encode(literal.text());
        best = text.length > best.length ? text : best;
      }
    }
    return best.length == 0 ? List.of() : List.of(new Literal(Literal.Kind.CONTAINS, best, false));
  }

  @Override
  boolean passes(EventFields<?> event, int slot, Scratch scratch) {
    return (cased ? event.plain(slot) : event.folded(slot))
        && matches(event.buffer(), event.textAt(), event.textAt() + event.textLength());
  }

  private boolean matches(byte[] b, int from, int end) {
    int first = 0;
    int last = chunks.length;
    int at = from;
    int limit = end;
    if (fromStart) {
      at = chunks[first++].endAt(b, from, limit);
      if (at < 0 || toEnd && first == last) {
        return at == limit;
      }
    }
    if (toEnd) {
      limit = chunks[--last].startBefore(b, at, limit);
    }
    for (int i = first; i < last && at >= 0; i++) {
      at = chunks[i].firstEnd(b, at, limit);
    }
    return at >= 0 && limit >= at;
  }

  @Override
  List<Literal> literals() {
    return literals;
  }

  @Override
  double cost() {
    return 4;
  }

  /** Literals, single characters and classes in a row. */
  private static final class Chunk {
    /** Bytes of a literal; none: one character. */
    private final byte[][] texts;

    /** Which character; empty: any. */
    private final String[] oneOf;

    private final int characters;

    Chunk(List<Segment> segments) {
      texts = new byte[segments.size()][];
      oneOf = new String[segments.size()];
      int count = 0;
      for (int i = 0; i < segments.size(); i++) {
        Segment segment = segments.get(i);
        texts[i] = NO_TEXT;
        oneOf[i] = segment instanceof OneOf one ? one.characters() : "";
        if (segment instanceof TextPattern.Literal literal) {
          texts[i] = Text.encode(literal.text());
          count += literal.text().codePointCount(0, literal.text().length());
        } else {
          count++;
        }
      }
      characters = count;
    }

    int endAt(byte[] b, int from, int limit) {
      int at = from;
      for (int i = 0; i < texts.length && at >= 0; i++) {
        at = endAt(i, b, at, limit);
      }
      return at;
    }

    private int endAt(int segment, byte[] b, int at, int limit) {
      byte[] text = texts[segment];
      if (text.length > 0) {
        int end = at + text.length;
        return end <= limit && Words.same(b, at, text) ? end : -1;
      }
      if (at >= limit) {
        return -1;
      }
      int width = Text.width(b[at]);
      String wanted = oneOf[segment];
      boolean fits =
          wanted.isEmpty() || width < 4 && wanted.indexOf(Text.codePoint(b, at, width)) >= 0;
      return fits && at + width <= limit ? at + width : -1;
    }

    /** End of its first occurrence from {@code from} on, by {@code limit}; -1 without one. */
    int firstEnd(byte[] b, int from, int limit) {
      byte[] first = texts[0];
      int at = from;
      while (at <= limit) {
        if (first.length > 0) {
          at = ByteSearch.indexOf(b, at, limit, first);
          if (at < 0) {
            return -1;
          }
        }
        int end = endAt(b, at, limit);
        if (end >= 0 || at >= limit) {
          return end;
        }
        at += Text.width(b[at]);
      }
      return -1;
    }

    /** Where it starts if it stands at the end, from {@code from} on; otherwise -1. */
    int startBefore(byte[] b, int from, int end) {
      int start = end;
      for (int i = 0; i < characters; i++) {
        if (start <= from) {
          return -1;
        }
        do {
          start--;
        } while ((b[start] & 0xC0) == 0x80);
      }
      return start >= from && endAt(b, start, end) == end ? start : -1;
    }
  }
}
