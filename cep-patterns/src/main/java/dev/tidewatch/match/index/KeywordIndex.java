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

  private final TextIndex parts;
  private final boolean ascii;

  KeywordIndex(List<Entries.Entry> keywords) {
    List<Entries.Entry> entries = new ArrayList<>();
    boolean allAscii = true;
    for (Entries.Entry keyword : keywords) {
      Literal literal = keyword.literal();
      Literal part = new Literal(literal.kind(), plainPart(literal.text()), false);
      allAscii &= isAscii(part.text());
      entries.add(new Entries.Entry(part, keyword.test(), keyword.rules()));
    }
    parts = new TextIndex(entries, 8);
    ascii = allAscii;
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

  void find(EventFields<?> event, Hits hits) {
    if (event.hasUnicodeEscapes()) {
      event.foldedLoose();
      parts.find(event.buffer(), event.textAt(), event.textLength(), true, hits);
    }
    // Also with escapes: the line as it stands can have a keyword that no value has.
    if (!event.isAsciiPayload() && !(ascii && event.staysApartFromAscii())) {
      event.foldedRaw();
      parts.find(event.buffer(), event.textAt(), event.textLength(), true, hits);
    } else {
      parts.find(event.buffer(), 0, event.payloadLength(), false, hits);
    }
  }
}
