package dev.tidewatch.match.regex;

import java.util.List;

/** An expression as far as texts of ASCII are concerned. */
public sealed interface RegexNode {

  /** One character of a set. */
  record OneOf(AsciiSet set) implements RegexNode {}

  /** One after the other; none: the empty text. */
  record Sequence(List<RegexNode> parts) implements RegexNode {
    public Sequence {
      parts = List.copyOf(parts);
    }
  }

  /** One of them. */
  record Choice(List<RegexNode> parts) implements RegexNode {
    public Choice {
      parts = List.copyOf(parts);
    }
  }

  /**
   * Over and over.
   *
   * @param most -1: without end
   */
  record Repeat(RegexNode part, int least, int most) implements RegexNode {}

  /** A place between characters. */
  record At(Place place) implements RegexNode {}

  /** Kinds of places. */
  enum Place {
    TEXT_START,
    TEXT_END,
    LINE_START,
    LINE_END,
    WORD_EDGE,
    NO_WORD_EDGE
  }
}
