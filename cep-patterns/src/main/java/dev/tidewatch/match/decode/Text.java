package dev.tidewatch.match.decode;

import dev.tidewatch.match.CaseFolding;
import java.nio.charset.StandardCharsets;

/**
 * Text as bytes: UTF-8, with lone surrogates (which JSON can spell) as three bytes each. Comparing
 * such bytes answers as comparing the Strings would, for patterns without lone surrogates.
 */
public final class Text {
  private static final char[] FOLDED = folded();

  /** What escapes of two bytes stand for, by their second. */
  private static final byte[] SIMPLE = simple();

  private Text() {}

  private static byte[] simple() {
    byte[] table = new byte[128];
    byte[] escapes = {'"', '\\', '/', 'b', 'f', 'n', 'r', 't'};
    byte[] meanings = {'"', '\\', '/', '\b', '\f', '\n', '\r', '\t'};
    for (int i = 0; i < escapes.length; i++) {
      table[escapes[i]] = meanings[i];
    }
    return table;
  }

  private static char[] folded() {
    StringBuilder all = new StringBuilder(0x10000);
    for (int c = 0; c < 0x10000; c++) {
      // Apart, so that no two surrogates make a pair.
      all.append(CaseFolding.fold(String.valueOf((char) c)));
    }
    char[] table = new char[0x10000];
    all.getChars(0, 0x10000, table, 0);
    return table;
  }

  /** Text as this class writes it. */
  public static byte[] encode(String text) {
    byte[] out = new byte[text.length() * 3];
    int end = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      end = put(out, end, codePoint);
      i += Character.charCount(codePoint);
    }
    return java.util.Arrays.copyOf(out, end);
  }

  /** Whether bytes can stand for the text: it has no half of a surrogate pair at an end. */
  public static boolean isComparable(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }

  /** Bytes of this class's writing as text. */
  public static String decode(byte[] bytes, int at, int length) {
    int end = at + length;
    StringBuilder text = null;
    int from = at;
    for (int p = at; p < end; p++) {
      if ((bytes[p] & 0xff) == 0xED && p + 2 < end && (bytes[p + 1] & 0xff) >= 0xA0) {
        text = text == null ? new StringBuilder(length) : text;
        text.append(new String(bytes, from, p - from, StandardCharsets.UTF_8));
        text.append((char) codePoint(bytes, p, 3));
        p += 2;
        from = p + 1;
      }
    }
    String rest = new String(bytes, from, end - from, StandardCharsets.UTF_8);
    return text == null ? rest : text.append(rest).toString();
  }

  /** Bytes of the character that starts with {@code lead}. */
  public static int width(byte lead) {
    int c = lead & 0xff;
    return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
  }

  /** The character of {@code width} bytes at {@code at}. */
  public static int codePoint(byte[] bytes, int at, int width) {
    return switch (width) {
      case 1 -> bytes[at];
      case 2 -> (bytes[at] & 0x1f) << 6 | bytes[at + 1] & 0x3f;
      case 3 -> (bytes[at] & 0x0f) << 12 | (bytes[at + 1] & 0x3f) << 6 | bytes[at + 2] & 0x3f;
      default ->
          (bytes[at] & 0x07) << 18
              | (bytes[at + 1] & 0x3f) << 12
              | (bytes[at + 2] & 0x3f) << 6
              | bytes[at + 3] & 0x3f;
    };
  }

  /** Writes a character; where it ends. */
  static int put(byte[] out, int at, int codePoint) {
    if (codePoint < 0x80) {
      out[at] = (byte) codePoint;
      return at + 1;
    }
    if (codePoint < 0x800) {
      out[at] = (byte) (0xC0 | codePoint >> 6);
      out[at + 1] = (byte) (0x80 | codePoint & 0x3f);
      return at + 2;
    }
    if (codePoint < 0x10000) {
      out[at] = (byte) (0xE0 | codePoint >> 12);
      out[at + 1] = (byte) (0x80 | codePoint >> 6 & 0x3f);
      out[at + 2] = (byte) (0x80 | codePoint & 0x3f);
      return at + 3;
    }
    out[at] = (byte) (0xF0 | codePoint >> 18);
    out[at + 1] = (byte) (0x80 | codePoint >> 12 & 0x3f);
    out[at + 2] = (byte) (0x80 | codePoint >> 6 & 0x3f);
    out[at + 3] = (byte) (0x80 | codePoint & 0x3f);
    return at + 4;
  }

  /** Simple case folding of one character. */
  static int fold(int codePoint) {
    if (codePoint < 0x10000) {
      return FOLDED[codePoint];
    }
    return CaseFolding.fold(Character.toString(codePoint)).codePointAt(0);
  }

  /**
   * Folds {@code length} bytes to {@code to} on, in the same array; where that ends. Up to 7 bytes
   * more are written.
   */
  static int fold(byte[] b, int at, int length, int to) {
    int end = at + length;
    int out = to;
    for (int p = at; p < end; ) {
      long word = Words.at(b, p);
      Words.put(b, out, Words.lower(word));
      int ascii = Words.asciiBytes(word);
      if (p + ascii >= end) {
        return out + end - p;
      }
      p += ascii;
      out += ascii;
      if (ascii < 8) {
        int width = width(b[p]);
        out = put(b, out, fold(codePoint(b, p, width)));
        p += width;
      }
    }
    return out;
  }

  /** Throws unless the bytes are UTF-8 as Java takes it. */
  static void check(byte[] b, int at, int length) {
    int end = at + length;
    for (int p = at; p < end; ) {
      int ascii = Words.asciiBytes(Words.at(b, p));
      p += ascii;
      if (ascii == 8 || p >= end) {
        continue;
      }
      int width = width(b[p]);
      if (p + width > end || !isCharacter(b, p, width)) {
        throw Unusual.ENCODING;
      }
      p += width;
    }
  }

  private static boolean isCharacter(byte[] b, int at, int width) {
    int lead = b[at] & 0xff;
    if (lead < 0xC2 || lead > 0xF4) {
      return false;
    }
    for (int i = 1; i < width; i++) {
      if ((b[at + i] & 0xC0) != 0x80) {
        return false;
      }
    }
    int c = codePoint(b, at, width);
    return switch (width) {
      case 2 -> true;
      case 3 -> c >= 0x800 && (c < 0xD800 || c > 0xDFFF);
      default -> c >= 0x10000 && c <= 0x10FFFF;
    };
  }

  /** The value of a hexadecimal digit, or -1. */
  static int hexDigit(byte c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int low = c | 0x20;
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
  }

  private static int hex(byte[] b, int at) {
    return hexDigit(b[at]) << 12
        | hexDigit(b[at + 1]) << 8
        | hexDigit(b[at + 2]) << 4
        | hexDigit(b[at + 3]);
  }

  /** What the (valid) escape at {@code at} stands for. */
  static int escaped(byte[] b, int at) {
    switch (b[at + 1]) {
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'u':
        int unit = hex(b, at + 2);
        return isPair(b, at, unit)
            ? Character.toCodePoint((char) unit, (char) hex(b, at + 8))
            : unit;
      default:
        return b[at + 1];
    }
  }

  /** Bytes of the escape at {@code at}. */
  static int escapeLength(byte[] b, int at) {
    if (b[at + 1] != 'u') {
      return 2;
    }
    return isPair(b, at, hex(b, at + 2)) ? 12 : 6;
  }

  private static boolean isPair(byte[] b, int at, int unit) {
    if (unit < 0xD800 || unit > 0xDBFF || b[at + 6] != '\\' || b[at + 7] != 'u') {
      return false;
    }
    int low = hex(b, at + 8);
    return low >= 0xDC00 && low <= 0xDFFF;
  }

  /**
   * Resolves escapes of {@code length} bytes to {@code to} on, in the same array; where that ends.
   */
  static int unescape(byte[] b, int at, int length, int to) {
    int end = at + length;
    int out = to;
    int p = at;
    while (p < end) {
      long word = Words.at(b, p);
      Words.put(b, out, word);
      long found = Words.backslashes(word);
      int step = found == 0 ? 8 : Long.numberOfTrailingZeros(found) >>> 3;
      if (p + step >= end) {
        return out + end - p;
      }
      p += step;
      out += step;
      if (found != 0) {
        byte simple = SIMPLE[b[p + 1]];
        if (simple != 0) {
          b[out++] = simple;
          p += 2;
        } else {
          out = put(b, out, escaped(b, p));
          p += escapeLength(b, p);
        }
      }
    }
    return out;
  }

  /** {@link #unescape} with ASCII capitals made small; other letters are left as they are. */
  static int unescapeLower(byte[] b, int at, int length, int to) {
    int end = at + length;
    int out = to;
    int p = at;
    while (p < end) {
      long word = Words.at(b, p);
      Words.put(b, out, Words.lower(word));
      long found = Words.backslashes(word);
      int step = found == 0 ? 8 : Long.numberOfTrailingZeros(found) >>> 3;
      if (p + step >= end) {
        return out + end - p;
      }
      p += step;
      out += step;
      if (found != 0) {
        byte simple = SIMPLE[b[p + 1]];
        if (simple != 0) {
          b[out++] = simple;
          p += 2;
        } else {
          int c = escaped(b, p);
          out = put(b, out, c < 0x80 ? FOLDED[c] : c);
          p += escapeLength(b, p);
        }
      }
    }
    return out;
  }

  /** Copies {@code length} bytes with ASCII capitals made small; writes up to 7 bytes more. */
  static void lower(byte[] b, int at, int length, int to) {
    for (int i = 0; i < length; i += 8) {
      Words.put(b, to + i, Words.lower(Words.at(b, at + i)));
    }
  }

  /** Whether a byte above 127 is among {@code length} bytes. */
  static boolean isAscii(byte[] b, int at, int length) {
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      if ((Words.at(b, at + i) & Words.HIGH) != 0) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (b[at + i] < 0) {
        return false;
      }
    }
    return true;
  }
}
