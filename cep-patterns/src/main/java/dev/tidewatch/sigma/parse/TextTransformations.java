package dev.tidewatch.sigma.parse;

import dev.tidewatch.sigma.ir.TextPattern;
import dev.tidewatch.sigma.ir.TextPattern.Literal;
import dev.tidewatch.sigma.ir.TextPattern.OneOf;
import dev.tidewatch.sigma.ir.TextPattern.Segment;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What {@code windash} and the encodings make of a text. */
final class TextTransformations {
  /** Hyphen, slash, en dash, em dash, horizontal bar (row 9). */
  static final String DASHES = "-/\u2013\u2014\u2015";

  /** First stable character of an encoding that begins 0, 1 or 2 bytes into a group of three. */
  private static final int[] OFFSET_START = {0, 2, 3};

  /** Characters at the end that depend on what follows, by length modulo three. */
  private static final int[] OFFSET_END = {0, 3, 2};

  private TextTransformations() {}

  /** Every dash that starts an argument stands for the whole set (row 9). */
  static TextPattern windash(TextPattern pattern) {
    TextPattern.Builder out = new TextPattern.Builder();
    for (Segment segment : pattern.segments()) {
      if (segment instanceof Literal literal) {
        windash(literal.text(), out);
      } else {
        out.append(segment);
      }
    }
    return out.build();
  }

  private static void windash(String text, TextPattern.Builder out) {
    for (int i = 0; i < text.length(); i++) {
      boolean before = i > 0 && isWord(text.codePointBefore(i));
      boolean after = i + 1 < text.length() && isWord(text.codePointAt(i + 1));
      if (DASHES.indexOf(text.charAt(i)) >= 0 && !before && after) {
        out.append(new OneOf(DASHES));
      } else {
        out.append(text.charAt(i));
      }
    }
  }

  private static boolean isWord(int codePoint) {
    return codePoint == '_' || Character.isLetterOrDigit(codePoint);
  }

  /**
   * The pattern with one character chosen from each {@link OneOf}, in every way; more than {@code
   * limit} give an empty list.
   */
  static List<TextPattern> writeOut(TextPattern pattern, int limit) {
    List<List<Segment>> all = List.of(List.of());
    for (Segment segment : pattern.segments()) {
      List<List<Segment>> next = new ArrayList<>();
      for (Segment choice : choices(segment)) {
        for (List<Segment> before : all) {
          List<Segment> longer = new ArrayList<>(before);
          longer.add(choice);
          next.add(longer);
        }
      }
      if (next.size() > limit) {
        return List.of();
      }
      all = next;
    }
    return all.stream().map(TextTransformations::join).toList();
  }

  private static List<Segment> choices(Segment segment) {
    return segment instanceof OneOf oneOf
        ? oneOf
            .characters()
            .chars()
            .mapToObj(c -> (Segment) new Literal(String.valueOf((char) c)))
            .toList()
        : List.of(segment);
  }

  private static TextPattern join(List<Segment> segments) {
    TextPattern.Builder out = new TextPattern.Builder();
    segments.forEach(out::append);
    return out.build();
  }

  /** Bytes of {@code text} in {@code charset}, one character of the result a byte. */
  static String bytesAsText(String text, Charset charset) {
    return new String(text.getBytes(charset), StandardCharsets.ISO_8859_1);
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * What {@code bytes} look like inside a longer Base64 text, at each of the three offsets, without
   * the characters that depend on the neighbours (row 10). Offsets at which nothing stable remains
   * are left out.
   */
  static List<String> base64Offsets(byte[] bytes) {
    List<String> out = new ArrayList<>(3);
    for (int offset = 0; offset < 3; offset++) {
      byte[] shifted = new byte[offset + bytes.length];
      System.arraycopy(bytes, 0, shifted, offset, bytes.length);
      String encoded = base64(shifted);
      int end = encoded.length() - OFFSET_END[shifted.length % 3];
      if (end > OFFSET_START[offset]) {
        out.add(encoded.substring(OFFSET_START[offset], end));
      }
    }
    return out;
  }
}
