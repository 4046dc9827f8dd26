package dev.tidewatch.match.index;

import dev.tidewatch.match.decode.EventFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keywords, by the part of each that JSON never escapes: looked for in the payload as it stands, or
 * with its escapes resolved where there are any that could spell it.
 */
final class KeywordIndex {
  static final int SHORTEST = 3;

  /** Structure, numbers, {@code true}, {@code false} and {@code null}, folded. */
  private static final String OUTSIDE_STRINGS = " {}[]:,+-.0123456789etrufalsn";

  final Entries entries;
  private final TextIndex parts;
  private final boolean ascii;

  /** No keyword is shorter, or -1 if one may be found outside of strings too. */
  final int shortest;

  KeywordIndex(List<Entries.Entry> keywords) {
    List<Entries.Entry> plain = new ArrayList<>();
    boolean allAscii = true;
    for (Entries.Entry keyword : keywords) {
      Literal literal = keyword.literal();
      Literal part = new Literal(literal.kind(), plainPart(literal.text()), false);
      allAscii &= isAscii(part.text());
      plain.add(new Entries.Entry(part, keyword.test(), keyword.rules()));
    }
    entries = new Entries(plain);
    parts = new TextIndex(entries.of(Literal.Kind.ANYWHERE), 8);
    ascii = allAscii;
    shortest =
        isInStrings(plain)
            ? plain.stream().mapToInt(entry -> entry.literal().text().length).min().orElse(-1)
            : -1;
  }

  /** Each has a character that stands nowhere else in JSON. */
  private static boolean isInStrings(List<Entries.Entry> entries) {
    for (Entries.Entry entry : entries) {
      boolean plain = false;
      for (byte c : entry.literal().text()) {
        plain |= OUTSIDE_STRINGS.indexOf(c) < 0;
      }
      if (!plain) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAscii(byte[] text) {
    for (byte c : text) {
      if (c < 0) {
        return false;
      }
    }
    return true;
  }

  /** The longest run of bytes that stand in JSON as they are. */
  static byte[] plainPart(byte[] text) {
    int best = 0;
    int bestLength = 0;
    int start = 0;
    for (int i = 0; i <= text.length; i++) {
      if (i == text.length
          || text[i] == '\\'
          || text[i] == '"'
          || text[i] == '/'
          || isControl(text[i])) {
        if (i - start > bestLength) {
          best = start;
          bestLength = i - start;
        }
        start = i + 1;
      }
    }
    return Arrays.copyOfRange(text, best, best + bestLength);
  }

  private static boolean isControl(byte c) {
    return c >= 0 && c < ' ';
  }

  void find(EventFields<?> event, Hits hits, Found into) {
    hits.begin(entries.size());
    if (event.hasUnicodeEscapes()) {
      event.foldedLoose();
      parts.find(event.buffer(), event.textAt(), event.textLength(), true, hits);
    }
    // Also with escapes: the line as it stands can have a keyword that no value has.
    if (!event.isAsciiPayload() && !(ascii && event.staysApartFromAscii())) {
      event.foldedRaw();
      parts.find(event.buffer(), event.textAt(), event.textLength(), true, hits);
    } else if (event.shortestString() <= shortest) {
      for (int i = 0; i < event.strings(); i++) {
        parts.find(event.buffer(), event.stringAt(i), event.stringLength(i), false, hits);
      }
    } else {
      parts.find(event.buffer(), 0, event.payloadLength(), false, hits);
    }
    into.hits(entries, hits.numbers, 0, hits.count);
  }
}
