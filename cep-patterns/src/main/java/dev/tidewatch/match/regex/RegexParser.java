package dev.tidewatch.match.regex;

import dev.tidewatch.match.regex.RegexNode.At;
import dev.tidewatch.match.regex.RegexNode.Choice;
import dev.tidewatch.match.regex.RegexNode.OneOf;
import dev.tidewatch.match.regex.RegexNode.Place;
import dev.tidewatch.match.regex.RegexNode.Repeat;
import dev.tidewatch.match.regex.RegexNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads RE2 syntax that RE2/J has accepted. Anything not surely understood the same way is refused,
 * so that RE2/J keeps it.
 */
final class RegexParser {
  private static final int MAX_COUNT = 1_000;
  private static final Map<String, AsciiSet> POSIX =
      Map.ofEntries(
          Map.entry("alnum", AsciiSet.WORD.minus('_')),
          Map.entry("alpha", AsciiSet.range('a', 'z').or(AsciiSet.range('A', 'Z'))),
          Map.entry("digit", AsciiSet.DIGITS),
          Map.entry("lower", AsciiSet.range('a', 'z')),
          Map.entry("upper", AsciiSet.range('A', 'Z')),
          Map.entry("space", AsciiSet.SPACE.or(AsciiSet.of(0x0b))),
          Map.entry("word", AsciiSet.WORD),
          Map.entry(
              "punct", AsciiSet.range('!', '~').and(AsciiSet.WORD.not()).or(AsciiSet.of('_'))),
          Map.entry(
              "xdigit", AsciiSet.DIGITS.or(AsciiSet.range('a', 'f')).or(AsciiSet.range('A', 'F'))));

  private final String regex;
  private int at;
  private boolean folds;
  private boolean lines;
  private boolean dotIsAll;

  private RegexParser(String regex, String flags) {
    this.regex = regex;
    this.folds = flags.contains("i");
    this.lines = flags.contains("m");
    this.dotIsAll = flags.contains("s");
  }

  /**
   * @param flags any of {@code i}, {@code m}, {@code s}
   */
  static RegexNode parse(String regex, String flags) throws UnknownSyntaxException {
    RegexParser parser = new RegexParser(regex, flags);
    RegexNode node = parser.choice();
    if (parser.at < regex.length()) {
      throw new UnknownSyntaxException("unbalanced )");
    }
    return node;
  }

  private boolean more() {
    return at < regex.length();
  }

  private char peek() throws UnknownSyntaxException {
    if (!more()) {
      throw new UnknownSyntaxException("ends early");
    }
    return regex.charAt(at);
  }

  private boolean take(String text) {
    if (regex.startsWith(text, at)) {
      at += text.length();
      return true;
    }
    return false;
  }

  private RegexNode choice() throws UnknownSyntaxException {
    List<RegexNode> parts = new ArrayList<>();
    parts.add(sequence());
    while (take("|")) {
      parts.add(sequence());
    }
    return parts.size() == 1 ? parts.get(0) : new Choice(parts);
  }

  private RegexNode sequence() throws UnknownSyntaxException {
    List<RegexNode> parts = new ArrayList<>();
    while (more() && peek() != '|' && peek() != ')') {
      parts.add(repeated(atom()));
    }
    return parts.size() == 1 ? parts.get(0) : new Sequence(parts);
  }

  private RegexNode repeated(RegexNode part) throws UnknownSyntaxException {
    int least;
    int most;
    if (take("*")) {
      least = 0;
      most = -1;
    } else if (take("+")) {
      least = 1;
      most = -1;
    } else if (take("?")) {
      least = 0;
      most = 1;
    } else {
      java.util.regex.Matcher counts = COUNTS.matcher(regex).region(at, regex.length());
      if (!counts.lookingAt()) {
        return part;
      }
      at = counts.end();
      least = Integer.parseInt(counts.group(1));
      String upper = counts.group(3);
      most = counts.group(2) == null ? least : upper.isEmpty() ? -1 : Integer.parseInt(upper);
      if (least > MAX_COUNT || most > MAX_COUNT) {
        throw new UnknownSyntaxException("large count");
      }
    }
    if (part instanceof Sequence sequence && sequence.parts().isEmpty()) {
      // After flags alone RE2 repeats what was before them.
      throw new UnknownSyntaxException("nothing to repeat");
    }
    // Greedy or not, the same texts match.
    take("?");
    if (more() && (peek() == '*' || peek() == '+' || peek() == '?' || isCount())) {
      throw new UnknownSyntaxException("repetition of a repetition");
    }
    return new Repeat(part, least, most);
  }

  private static final java.util.regex.Pattern COUNTS =
      java.util.regex.Pattern.compile("\\{([0-9]{1,4})(,([0-9]{0,4}))?\\}");

  private boolean isCount() {
    return COUNTS.matcher(regex).region(at, regex.length()).lookingAt();
  }

  private RegexNode atom() throws UnknownSyntaxException {
    char c = peek();
    at++;
    switch (c) {
      case '(':
        return group();
      case '[':
        return set();
      case '.':
        return new OneOf(dotIsAll ? AsciiSet.ALL : AsciiSet.NEWLINE.not());
      case '^':
        return new At(lines ? Place.LINE_START : Place.TEXT_START);
      case '$':
        return new At(lines ? Place.LINE_END : Place.TEXT_END);
      case '\\':
        return escape();
      case '*', '+', '?':
        throw new UnknownSyntaxException("nothing to repeat");
      default:
        at--;
        return literal(codePoint());
    }
  }

  private int codePoint() throws UnknownSyntaxException {
    peek();
    int c = regex.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  private RegexNode literal(int c) throws UnknownSyntaxException {
    AsciiSet set = AsciiSet.of(c);
    if (folds && c >= 128) {
      // The Kelvin sign is a k.
      throw new UnknownSyntaxException("folds beyond ASCII");
    }
    return new OneOf(folds ? set.folded() : set);
  }

  private RegexNode group() throws UnknownSyntaxException {
    boolean outerFolds = folds;
    boolean outerLines = lines;
    boolean outerDot = dotIsAll;
    if (take("?")) {
      if (take("P<") || take("<")) {
        if (more() && (peek() == '=' || peek() == '!')) {
          throw new UnknownSyntaxException("look-behind");
        }
        at = regex.indexOf('>', at) + 1;
        if (at == 0) {
          throw new UnknownSyntaxException("unnamed group");
        }
      } else if (!flags()) {
        return new Sequence(List.of());
      }
    }
    RegexNode node = choice();
    if (!take(")")) {
      throw new UnknownSyntaxException("unbalanced (");
    }
    folds = outerFolds;
    lines = outerLines;
    dotIsAll = outerDot;
    return node;
  }

  /** True before a group's content; false after flags that hold from here on. */
  private boolean flags() throws UnknownSyntaxException {
    boolean on = true;
    while (true) {
      char c = peek();
      at++;
      switch (c) {
        case ':':
          return true;
        case ')':
          return false;
        case '-':
          on = false;
          break;
        case 'i':
          folds = on;
          break;
        case 'm':
          lines = on;
          break;
        case 's':
          dotIsAll = on;
          break;
        case 'U':
          break;
        default:
          throw new UnknownSyntaxException("flag " + c);
      }
    }
  }

  private RegexNode escape() throws UnknownSyntaxException {
    char c = peek();
    AsciiSet named = named(c);
    if (named != null) {
      at++;
      return new OneOf(named);
    }
    switch (c) {
      case 'A':
        at++;
        return new At(Place.TEXT_START);
      case 'z':
        at++;
        return new At(Place.TEXT_END);
      case 'b':
        at++;
        return new At(Place.WORD_EDGE);
      case 'B':
        at++;
        return new At(Place.NO_WORD_EDGE);
      default:
        return literal(escapedCharacter());
    }
  }

  private static @Nullable AsciiSet named(char c) {
    return switch (c) {
      case 'd' -> AsciiSet.DIGITS;
      case 'D' -> AsciiSet.DIGITS.not();
      case 'w' -> AsciiSet.WORD;
      case 'W' -> AsciiSet.WORD.not();
      case 's' -> AsciiSet.SPACE;
      case 'S' -> AsciiSet.SPACE.not();
      default -> null;
    };
  }

  private int escapedCharacter() throws UnknownSyntaxException {
    char c = peek();
    at++;
    switch (c) {
      case 't':
        return '\t';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 'f':
        return '\f';
      case 'v':
        return 0x0b;
      case 'a':
        return 7;
      case 'x':
        return hexadecimal();
      default:
        if (c >= 128 || c < 32 || AsciiSet.WORD.has(c)) {
          throw new UnknownSyntaxException("escape " + c);
        }
        return c;
    }
  }

  private int hexadecimal() throws UnknownSyntaxException {
    boolean braces = take("{");
    int end = braces ? regex.indexOf('}', at) : at + 2;
    if (end < at || end > regex.length()) {
      throw new UnknownSyntaxException("hexadecimal");
    }
    try {
      int value = Integer.parseInt(regex.substring(at, end), 16);
      at = braces ? end + 1 : end;
      return value;
    } catch (NumberFormatException e) {
      throw new UnknownSyntaxException("hexadecimal");
    }
  }

  private RegexNode set() throws UnknownSyntaxException {
    boolean negated = take("^");
    AsciiSet set = AsciiSet.NONE;
    boolean first = true;
    while (first || peek() != ']') {
      first = false;
      set = set.or(member());
    }
    at++;
    AsciiSet all = folds ? set.folded() : set;
    return new OneOf(negated ? all.not() : all);
  }

  private AsciiSet member() throws UnknownSyntaxException {
    if (regex.startsWith("[:", at)) {
      int end = regex.indexOf(":]", at);
      AsciiSet posix = end < 0 ? null : POSIX.get(regex.substring(at + 2, end));
      if (posix == null) {
        throw new UnknownSyntaxException("class");
      }
      at = end + 2;
      return posix;
    }
    if (peek() == '\\') {
      at++;
      AsciiSet named = named(peek());
      if (named != null) {
        at++;
        return named;
      }
      return range(escapedCharacter());
    }
    return range(codePoint());
  }

  private AsciiSet range(int first) throws UnknownSyntaxException {
    int last = first;
    if (regex.startsWith("-", at) && !regex.startsWith("-]", at)) {
      at++;
      last = take("\\") ? escapedCharacter() : codePoint();
      if (last < first) {
        throw new UnknownSyntaxException("range");
      }
    }
    if (folds && last >= 128) {
      throw new UnknownSyntaxException("folds beyond ASCII");
    }
    return AsciiSet.range(first, last);
  }
}
