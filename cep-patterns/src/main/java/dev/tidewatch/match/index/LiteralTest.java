package dev.tidewatch.match.index;

import dev.tidewatch.match.CaseFolding;
import dev.tidewatch.match.decode.EventFields;
import dev.tidewatch.match.decode.Text;
import dev.tidewatch.match.decode.Words;
import dev.tidewatch.sigma.ir.TextMode;
import java.util.List;

/** Text without wildcards. */
final class LiteralTest extends FieldTest.OfValue {
  private final TextMode mode;
  private final byte[] wanted;
  private final boolean cased;
  private final Literal literal;

  LiteralTest(int field, TextMode mode, String text, boolean cased) {
    super(field);
    String folded = CaseFolding.fold(text);
    this.mode = mode;
    this.wanted = Text.encode(cased ? text : folded);
    this.cased = cased;
    this.literal = new Literal(kind(mode), Text.encode(folded), !cased);
  }

  private static Literal.Kind kind(TextMode mode) {
    return switch (mode) {
      case EQUALS -> Literal.Kind.EQUALS;
      case STARTSWITH -> Literal.Kind.STARTS;
      case ENDSWITH -> Literal.Kind.ENDS;
      case CONTAINS -> Literal.Kind.CONTAINS;
    };
  }

  @Override
  boolean passes(EventFields<?> event, int slot, Scratch scratch) {
    if (!(cased ? event.plain(slot) : event.folded(slot))) {
      return false;
    }
    byte[] b = event.buffer();
    int at = event.textAt();
    int length = event.textLength();
    int size = wanted.length;
    return switch (mode) {
      case EQUALS -> length == size && Words.same(b, at, wanted);
      case STARTSWITH -> length >= size && Words.same(b, at, wanted);
      case ENDSWITH -> length >= size && Words.same(b, at + length - size, wanted);
      case CONTAINS -> ByteSearch.contains(b, at, length, wanted);
    };
  }

  @Override
  List<Literal> literals() {
    boolean anyText = wanted.length == 0 && mode != TextMode.EQUALS;
    return anyText ? List.of() : List.of(literal);
  }
}
