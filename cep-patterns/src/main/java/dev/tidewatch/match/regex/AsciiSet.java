package dev.tidewatch.match.regex;

/** A set of ASCII characters, as two words of bits. */
public record AsciiSet(long low, long high) {
  static final AsciiSet NONE = new AsciiSet(0, 0);
  static final AsciiSet ALL = new AsciiSet(-1L, -1L);
  static final AsciiSet DIGITS = range('0', '9');
  static final AsciiSet WORD = DIGITS.or(range('a', 'z')).or(range('A', 'Z')).or(of('_'));
  static final AsciiSet SPACE = of(' ').or(of('\t')).or(of('\n')).or(of('\f')).or(of('\r'));
  static final AsciiSet NEWLINE = of('\n');

  /** The character alone; of others than ASCII nothing. */
  static AsciiSet of(int c) {
    return c >= 128 ? NONE : c < 64 ? new AsciiSet(1L << c, 0) : new AsciiSet(0, 1L << (c - 64));
  }

  static AsciiSet range(int first, int last) {
    AsciiSet set = NONE;
    for (int c = first; c <= Math.min(last, 127); c++) {
      set = set.or(of(c));
    }
    return set;
  }

  AsciiSet or(AsciiSet other) {
    return new AsciiSet(low | other.low, high | other.high);
  }

  AsciiSet and(AsciiSet other) {
    return new AsciiSet(low & other.low, high & other.high);
  }

  AsciiSet minus(int c) {
    return and(of(c).not());
  }

  AsciiSet not() {
    return new AsciiSet(~low, ~high);
  }

  boolean has(int c) {
    return ((c < 64 ? low >>> c : high >>> (c - 64)) & 1) != 0;
  }

  /** With both cases of each letter. */
  AsciiSet folded() {
    AsciiSet set = this;
    for (int c = 'a'; c <= 'z'; c++) {
      if (has(c) || has(c - 32)) {
        set = set.or(of(c)).or(of(c - 32));
      }
    }
    return set;
  }

  /** The one character, both cases of a letter counting as one small letter; -1 for other sets. */
  int single() {
    int found = -1;
    for (int c = 0; c < 128; c++) {
      if (has(c)) {
        int lower = c >= 'A' && c <= 'Z' ? c + 32 : c;
        if (found >= 0 && found != lower) {
          return -1;
        }
        found = lower;
      }
    }
    return found;
  }
}
