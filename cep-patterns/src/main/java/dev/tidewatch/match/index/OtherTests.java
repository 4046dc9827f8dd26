package dev.tidewatch.match.index;

import dev.tidewatch.match.CaseFolding;
import dev.tidewatch.match.ReferenceTest;
import dev.tidewatch.match.ValueTest;
import dev.tidewatch.match.decode.EventFields;
import dev.tidewatch.match.decode.Text;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.TextPattern;
import java.util.ArrayList;
import java.util.List;

/** Tests that are rare, or short. */
final class OtherTests {
  private OtherTests() {}

  /** Missing, or null in every value. */
  static final class OfNull extends FieldTest {
    OfNull(int field) {
      super(field);
    }

    @Override
    boolean holds(EventFields<?> event, Scratch scratch) {
      for (int slot = event.first(field); slot >= 0; slot = event.next(slot)) {
        if (!event.isNull(slot)) {
          return false;
        }
      }
      return true;
    }
  }

  /** Present, or missing. */
  static final class OfPresence extends FieldTest {
    private final boolean present;

    OfPresence(int field, boolean present) {
      super(field);
      this.present = present;
    }

    @Override
    boolean holds(EventFields<?> event, Scratch scratch) {
      return event.first(field) >= 0 == present;
    }
  }

  /** Networks, numbers in order, times: the reference's test on each value. */
  static final class ByReference extends FieldTest.OfValue {
    private final ValueTest test;
    private final List<Literal> literals;

    ByReference(int field, Predicate predicate, List<Literal> literals) {
      super(field);
      this.test = ValueTest.of(predicate);
      this.literals = literals;
    }

    @Override
    boolean passes(EventFields<?> event, int slot, Scratch scratch) {
      return test.passes(event.node(slot));
    }

    @Override
    List<Literal> literals() {
      return literals;
    }

    @Override
    double cost() {
      return 40;
    }
  }

  /** What only the whole event, as the reference reads it, can answer. */
  static final class OfDocument extends FieldTest {
    private static final int SHORTEST = 4;

    private final ReferenceTest test;
    private final List<Literal> literals;

    /** Text without which it cannot hold. */
    private final List<byte[]> required;

    OfDocument(Predicate predicate) {
      super(-1);
      this.test = ReferenceTest.of(predicate);
      this.required = predicate instanceof Predicate.Text text ? required(text) : List.of();
      this.literals = predicate instanceof Predicate.Text text ? longest(text) : List.of();
    }

    /** What stands between wildcards: wherever the whole is, this is. */
    private static List<byte[]> required(Predicate.Text predicate) {
      List<byte[]> texts = new ArrayList<>();
      for (TextPattern.Segment segment : predicate.text().segments()) {
        if (segment instanceof TextPattern.Literal literal
            && Text.isComparable(literal.text())
            && !isNumeric(literal.text())) {
          texts.add(Text.encode(CaseFolding.fold(literal.text())));
        }
      }
      return List.copyOf(texts);
    }

    private static List<Literal> longest(Predicate.Text predicate) {
      byte[] best = {};
      for (byte[] text : required(predicate)) {
        boolean better = KeywordIndex.plainPart(text).length > KeywordIndex.plainPart(best).length;
        best = better ? text : best;
      }
      return KeywordIndex.plainPart(best).length < SHORTEST
          ? List.of()
          : List.of(new Literal(Literal.Kind.ANYWHERE, best, false));
    }

    @Override
    boolean holds(EventFields<?> event, Scratch scratch) {
      return mayHold(event) && test.holds(event.document());
    }

    private boolean mayHold(EventFields<?> event) {
      if (required.isEmpty()) {
        return true;
      }
      event.foldedRaw();
      if (areCurrent(event)) {
        return true;
      }
      if (!event.hasEscapes()) {
        return false;
      }
      event.foldedLoose();
      return areCurrent(event);
    }

    private boolean areCurrent(EventFields<?> event) {
      for (int i = 0; i < required.size(); i++) {
        byte[] wanted = required.get(i);
        if (!ByteSearch.contains(event.buffer(), event.textAt(), event.textLength(), wanted)) {
          return false;
        }
      }
      return true;
    }

    @Override
    List<Literal> literals() {
      return literals;
    }

    @Override
    double cost() {
      return 2_000;
    }
  }

  /** It may be found in a number whose text is not what stands in the payload. */
  private static boolean isNumeric(String text) {
    return CaseFolding.fold(text).chars().allMatch(c -> "0123456789.+-e".indexOf(c) >= 0);
  }

  /** Text anywhere in the event. */
  static final class OfKeyword extends FieldTest {
    private final byte[] wanted;
    private final boolean numeric;
    private final ReferenceTest test;

    OfKeyword(Predicate.Text predicate) {
      super(-1);
      String folded = CaseFolding.fold(predicate.text().literalText());
      this.wanted = Text.encode(folded);
      this.numeric = isNumeric(folded);
      this.test = ReferenceTest.of(predicate);
    }

    /** Found in the line as it stands, or, once escapes are resolved, perhaps in a value. */
    @Override
    boolean holds(EventFields<?> event, Scratch scratch) {
      event.foldedRaw();
      if (isCurrent(event)) {
        return true;
      }
      if (numeric && event.hasRewrittenNumbers()) {
        return test.holds(event.document());
      }
      if (!event.hasEscapes()) {
        return false;
      }
      event.foldedLoose();
      return isCurrent(event) && test.holds(event.document());
    }

    private boolean isCurrent(EventFields<?> event) {
      return ByteSearch.contains(event.buffer(), event.textAt(), event.textLength(), wanted);
    }

    @Override
    List<Literal> literals() {
      return numeric ? List.of() : List.of(new Literal(Literal.Kind.ANYWHERE, wanted, false));
    }

    @Override
    double cost() {
      return 100;
    }
  }
}
