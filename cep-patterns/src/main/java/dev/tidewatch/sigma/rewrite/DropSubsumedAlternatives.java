package dev.tidewatch.sigma.rewrite;

import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.ir.Search.Any;
import dev.tidewatch.sigma.ir.TextMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a field {@code contains} shell, it need not be asked whether it contains powershell too, or
 * ends with it. For plain text without surrogates in fields; keywords, wildcards and regular
 * expressions stay, and so do lists that are too long to compare each value with each.
 */
final class DropSubsumedAlternatives extends TreeRewrite {
  private static final int MAX_ALTERNATIVES = 200;

  /**
   * @param text in lower case where case does not count; not empty
   */
  private record Plain(String field, TextMode mode, String text, boolean cased) {
    static @Nullable Plain of(Search part) {
      boolean plain =
          part instanceof Search.Test test
              && test.predicate() instanceof Predicate.Text text
              && !text.field().isEmpty()
              && text.text().isLiteral()
              && !text.text().literalText().isEmpty()
              && text.text().literalText().chars().noneMatch(c -> Character.isSurrogate((char) c));
      return plain ? of((Predicate.Text) ((Search.Test) part).predicate()) : null;
    }

    private static Plain of(Predicate.Text text) {
      String literal = text.text().literalText();
      String compared = text.cased() ? literal : AsciiCase.lower(literal);
      return new Plain(text.field(), text.mode(), compared, text.cased());
    }

    /** Holds wherever the other one does, and is not the same. */
    boolean subsumes(Plain other) {
      return field.equals(other.field)
          && cased == other.cased
          && !equals(other)
          && switch (mode) {
            case CONTAINS -> other.text.contains(text);
            case STARTSWITH -> isAnchored(other) && other.text.startsWith(text);
            case ENDSWITH -> isAnchored(other) && other.text.endsWith(text);
            case EQUALS -> false;
          };
    }

    private boolean isAnchored(Plain other) {
      return other.mode == mode || other.mode == TextMode.EQUALS;
    }
  }

  @Override
  Search rewrite(Search node) {
    if (!(node instanceof Any any) || any.parts().size() > MAX_ALTERNATIVES) {
      return node;
    }
    List<@Nullable Plain> plain = new ArrayList<>();
    any.parts().forEach(part -> plain.add(Plain.of(part)));
    List<Search> left = new ArrayList<>();
    for (int i = 0; i < plain.size(); i++) {
      if (!isSubsumed(plain.get(i), plain)) {
        left.add(any.parts().get(i));
      }
    }
    return left.size() == plain.size() ? node : Search.any(left);
  }

  private static boolean isSubsumed(@Nullable Plain part, List<@Nullable Plain> others) {
    return part != null && others.stream().anyMatch(other -> other != null && other.subsumes(part));
  }
}
