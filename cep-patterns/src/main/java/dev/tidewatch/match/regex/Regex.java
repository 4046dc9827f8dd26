package dev.tidewatch.match.regex;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A regular expression of a rule, for texts of ASCII. Immutable, shared by threads. */
public final class Regex {
  private final Program program;
  private final List<String> required;

  private Regex(Program program, List<String> required) {
    this.program = program;
    this.required = required;
  }

  /**
   * Null if the expression has something that is left to RE2/J.
   *
   * @param regex in RE2 syntax, accepted by RE2/J
   * @param flags any of {@code i}, {@code m}, {@code s}
   */
  public static @Nullable Regex of(String regex, String flags) {
    try {
      RegexNode node = RegexParser.parse(regex, flags);
      return new Regex(Program.of(node), RequiredText.of(node));
    } catch (UnknownSyntaxException e) {
      return null;
    }
  }

  /**
   * Every text that matches, of ASCII or not, has one of these once its case is folded; empty:
   * nothing is known.
   */
  public List<String> required() {
    return required;
  }

  /** A matcher for one thread. */
  public LazyDfa matcher() {
    return new LazyDfa(program);
  }
}
