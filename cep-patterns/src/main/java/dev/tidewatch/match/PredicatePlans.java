package dev.tidewatch.match;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.TextMode;
import dev.tidewatch.sigma.ir.TextPattern;
import java.math.BigDecimal;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/** One plan per kind of predicate. */
final class PredicatePlans {
  private PredicatePlans() {}

  /** Test of a field; holds if one of its values passes (row 11). */
  abstract static class OfField implements Plan {
    final int slot;
    private final Predicate predicate;
    private final int cost;

    OfField(Predicate predicate, int slot, int cost) {
      this.predicate = predicate;
      this.slot = slot;
      this.cost = cost;
    }

    /** Whether value {@code index} passes. */
    abstract boolean passes(FieldValues values, int index);

    @Override
    public boolean holds(EventValues event) {
      return indexOf(event.field(slot)) >= 0;
    }

    private int indexOf(FieldValues values) {
      for (int i = 0; i < values.size(); i++) {
        if (passes(values, i)) {
          return i;
        }
      }
      return -1;
    }

    @Override
    public void explain(EventValues event, Evidence evidence) {
      FieldValues values = event.field(slot);
      int index = Math.max(0, indexOf(values));
      String value = values.size() == 0 ? "" : values.shown(index);
      evidence.add(predicate.field(), value, predicate.operator(), predicate.pattern());
    }

    @Override
    public int cost() {
      return cost;
    }
  }

  /** Text, folded or as is. */
  static final class OfText extends OfField {
    private final TextMatcher matcher;
    private final boolean cased;

    OfText(Predicate.Text text, int slot) {
      this(text, slot, matcher(text));
    }

    private OfText(Predicate.Text text, int slot, TextMatcher matcher) {
      super(text, slot, matcher.cost());
      this.matcher = matcher;
      this.cased = text.cased();
    }

    static TextMatcher matcher(Predicate.Text text) {
      TextPattern pattern = text.cased() ? text.text() : text.text().mapText(CaseFolding::fold);
      return TextMatcher.of(pattern, text.mode());
    }

    @Override
    boolean passes(FieldValues values, int index) {
      String text = cased ? values.text(index) : values.folded(index);
      return text != null && matcher.matches(text);
    }
  }

  /** Equality with a number. */
  static final class OfNumber extends OfField {
    private final BigDecimal value;
    private final String written;

    OfNumber(Predicate.NumberEquals number, int slot) {
      super(number, slot, 2);
      this.value = number.value();
      this.written = number.written();
    }

    @Override
    boolean passes(FieldValues values, int index) {
      JsonNode node = values.node(index);
      if (node.isNumber()) {
        BigDecimal number = Numbers.of(node);
        return number != null && number.compareTo(value) == 0;
      }
      return node.isTextual() && node.textValue().equalsIgnoreCase(written);
    }
  }

  /** Missing or null. */
  static final class OfNull extends OfField {
    OfNull(Predicate.IsNull isNull, int slot) {
      super(isNull, slot, 1);
    }

    @Override
    public boolean holds(EventValues event) {
      return event.field(slot).isNull();
    }

    @Override
    boolean passes(FieldValues values, int index) {
      return values.node(index).isNull();
    }
  }

  /** Present or missing. */
  static final class OfPresence extends OfField {
    private final boolean present;

    OfPresence(Predicate.Exists exists, int slot) {
      super(exists, slot, 1);
      this.present = exists.present();
    }

    @Override
    public boolean holds(EventValues event) {
      return event.field(slot).size() > 0 == present;
    }

    @Override
    boolean passes(FieldValues values, int index) {
      return present;
    }
  }

  /** Regular expression. */
  static final class OfRegex extends OfField {
    private final Pattern pattern;

    OfRegex(Predicate.Regex regex, int slot) {
      super(regex, slot, 60);
      this.pattern = compile(regex);
    }

    static Pattern compile(Predicate.Regex regex) {
      int flags = 0;
      flags |= regex.flags().contains("i") ? Pattern.CASE_INSENSITIVE : 0;
      flags |= regex.flags().contains("m") ? Pattern.MULTILINE : 0;
      flags |= regex.flags().contains("s") ? Pattern.DOTALL : 0;
      return Pattern.compile(regex.regex(), flags);
    }

    @Override
    boolean passes(FieldValues values, int index) {
      String text = values.text(index);
      return text != null && pattern.matcher(text).find();
    }
  }

  /** Network. */
  static final class OfNetwork extends OfField {
    private final byte[] network;
    private final int bits;

    OfNetwork(Predicate.InNetwork in, int slot) {
      super(in, slot, 6);
      int slash = in.network().indexOf('/');
      byte[] address = Addresses.parse(in.network().substring(0, slash));
      if (address == null) {
        throw new IllegalArgumentException("no network: " + in.network());
      }
      this.network = address;
      this.bits = Integer.parseInt(in.network().substring(slash + 1));
    }

    @Override
    boolean passes(FieldValues values, int index) {
      String text = values.text(index);
      byte[] address = text == null ? null : Addresses.parse(text);
      return address != null && Addresses.isIn(address, network, bits);
    }
  }

  /** Numeric comparison. */
  static final class OfOrder extends OfField {
    private final Predicate.Compare compare;

    OfOrder(Predicate.Compare compare, int slot) {
      super(compare, slot, 3);
      this.compare = compare;
    }

    @Override
    boolean passes(FieldValues values, int index) {
      BigDecimal number = Numbers.of(values.node(index));
      return number != null && compare.comparison().holds(number.compareTo(compare.value()));
    }
  }

  /** Part of a date. */
  static final class OfTime extends OfField {
    private final Predicate.InTime time;

    OfTime(Predicate.InTime time, int slot) {
      super(time, slot, 6);
      this.time = time;
    }

    @Override
    boolean passes(FieldValues values, int index) {
      TemporalAccessor date = Times.of(values.node(index));
      int part = date == null ? -1 : time.part().of(date);
      return part >= 0 && time.comparison().holds(Integer.compare(part, time.value()));
    }
  }

  /** Another field of the same event. */
  static final class OfReference extends OfField {
    private final Predicate.SameAs same;
    private final int other;

    OfReference(Predicate.SameAs same, int slot, int other) {
      super(same, slot, 5);
      this.same = same;
      this.other = other;
    }

    @Override
    public boolean holds(EventValues event) {
      FieldValues left = event.field(slot);
      FieldValues right = event.field(other);
      boolean any = false;
      boolean compared = false;
      for (int i = 0; i < left.size(); i++) {
        for (int j = 0; j < right.size() && !any; j++) {
          String a = text(left, i);
          String b = text(right, j);
          compared |= a != null && b != null;
          any = a != null && b != null && holds(a, b);
        }
      }
      return same.negated() ? compared && !any : any;
    }

    private @Nullable String text(FieldValues values, int index) {
      return same.cased() ? values.text(index) : values.folded(index);
    }

    private boolean holds(String a, String b) {
      return switch (same.mode()) {
        case EQUALS -> a.equals(b);
        case CONTAINS -> a.contains(b);
        case STARTSWITH -> a.startsWith(b);
        case ENDSWITH -> a.endsWith(b);
      };
    }

    @Override
    boolean passes(FieldValues values, int index) {
      return values.text(index) != null;
    }
  }

  /** Text anywhere in the event (row 8): in one of its values, or in the raw line. */
  static final class OfKeyword implements Plan {
    private final Predicate predicate;
    private final boolean cased;
    private final java.util.function.Predicate<String> test;
    private final int cost;

    OfKeyword(Predicate.Text text) {
      TextMatcher matcher = OfText.matcher(text);
      this.predicate = text;
      this.cased = text.cased();
      this.test = matcher::matches;
      this.cost = 80;
    }

    OfKeyword(Predicate.Regex regex) {
      Pattern pattern = OfRegex.compile(regex);
      this.predicate = regex;
      this.cased = true;
      this.test = text -> pattern.matcher(text).find();
      this.cost = 500;
    }

    @Override
    public boolean holds(EventValues event) {
      for (String value : cased ? event.scalars() : event.foldedScalars()) {
        if (test.test(value)) {
          return true;
        }
      }
      return test.test(cased ? event.raw() : event.foldedRaw());
    }

    @Override
    public void explain(EventValues event, Evidence evidence) {
      var tested = cased ? event.scalars() : event.foldedScalars();
      String value = event.raw();
      for (int i = tested.size() - 1; i >= 0; i--) {
        value = test.test(tested.get(i)) ? event.scalars().get(i) : value;
      }
      evidence.add("", value, predicate.operator(), predicate.pattern());
    }

    @Override
    public int cost() {
      return cost;
    }
  }

  /** {@code neq}. */
  record Unequal(Plan part, Predicate first, int slot, String patterns) implements Plan {
    @Override
    public boolean holds(EventValues event) {
      return !part.holds(event);
    }

    @Override
    public void explain(EventValues event, Evidence evidence) {
      String operator =
          first.operator().equals(TextMode.EQUALS.sigmaName()) ? "neq" : first.operator() + "|neq";
      FieldValues values = slot < 0 ? new FieldValues() : event.field(slot);
      String value = values.size() == 0 ? "" : values.shown(0);
      evidence.add(first.field(), value, operator, patterns);
    }

    @Override
    public int cost() {
      return part.cost();
    }
  }
}
