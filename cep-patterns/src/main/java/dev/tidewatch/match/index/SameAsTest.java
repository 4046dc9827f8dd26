package dev.tidewatch.match.index;

import dev.tidewatch.match.ReferenceTest;
import dev.tidewatch.match.decode.EventFields;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.TextMode;
import java.util.Arrays;

/** Against another field of the same event: bytes where all is ASCII, otherwise the reference. */
final class SameAsTest extends FieldTest {
  private final Predicate.SameAs same;
  private final int other;
  private final ReferenceTest reference;

  SameAsTest(int field, int other, Predicate.SameAs same) {
    super(field);
    this.other = other;
    this.same = same;
    this.reference = ReferenceTest.of(same);
  }

  @Override
  boolean holds(EventFields<?> event, Scratch scratch) {
    boolean any = false;
    boolean compared = false;
    for (int left = event.first(field); left >= 0; left = event.next(left)) {
      for (int right = event.first(other); right >= 0 && !any; right = event.next(right)) {
        if (hasText(event, left) && hasText(event, right)) {
          if (!event.isAscii(left) || !event.isAscii(right)) {
            return reference.holds(event.document());
          }
          compared = true;
          any = compare(event, left, right);
        }
      }
    }
    return same.negated() ? compared && !any : any;
  }

  private boolean hasText(EventFields<?> event, int slot) {
    return same.cased() ? event.plain(slot) : event.folded(slot);
  }

  private boolean compare(EventFields<?> event, int left, int right) {
    hasText(event, left);
    int at = event.textAt();
    int length = event.textLength();
    hasText(event, right);
    int wanted = event.textAt();
    int size = event.textLength();
    if (size > length || same.mode() == TextMode.EQUALS && size != length) {
      return false;
    }
    boolean atEnd = same.mode() == TextMode.ENDSWITH;
    int first = atEnd ? length - size : 0;
    int last = same.mode() == TextMode.CONTAINS || atEnd ? length - size : 0;
    byte[] b = event.buffer();
    for (int i = at + first; i <= at + last; i++) {
      if (Arrays.equals(b, i, i + size, b, wanted, wanted + size)) {
        return true;
      }
    }
    return false;
  }

  @Override
  double cost() {
    return 6;
  }
}
