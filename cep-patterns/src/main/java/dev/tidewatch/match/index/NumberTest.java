package dev.tidewatch.match.index;

import dev.tidewatch.match.ValueTest;
import dev.tidewatch.match.decode.EventFields;
import dev.tidewatch.match.decode.Text;
import dev.tidewatch.match.decode.Words;
import dev.tidewatch.sigma.ir.Predicate;
import java.util.List;
import java.util.Locale;

/** Equality with a number. */
final class NumberTest extends FieldTest.OfValue {
  private final ValueTest reference;

  /** As written, when that is how a JSON integer is written; otherwise empty. */
  private final byte[] integer;

  NumberTest(int field, Predicate.NumberEquals number) {
    super(field);
    this.reference = ValueTest.of(number);
    String written = number.written().toLowerCase(Locale.ROOT);
    boolean plain = written.equals(number.value().toPlainString()) && written.matches("-?[0-9]+");
    this.integer = Text.encode(plain ? written : "");
  }

  @Override
  boolean passes(EventFields<?> event, int slot, Scratch scratch) {
    if (integer.length == 0 || event.isDecimal(slot)) {
      return reference.passes(event.node(slot));
    }
    return (event.isNumber(slot) || event.isString(slot))
        && event.plain(slot)
        && event.textLength() == integer.length
        && Words.same(event.buffer(), event.textAt(), integer);
  }

  @Override
  List<Literal> literals() {
    return integer.length == 0
        ? List.of()
        : List.of(new Literal(Literal.Kind.NUMBER, integer, true));
  }
}
