package dev.tidewatch.explain;

import dev.tidewatch.sigma.ir.Comparison;
import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.ir.TextMode;
import dev.tidewatch.sigma.ir.TextPattern;
import dev.tidewatch.sigma.ir.TimePart;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Detections and events of few fields and short values, so that random pairs often match. */
public final class RandomDetections {
  private static final List<String> FIELDS = List.of("F", "G", "a.b", "MyField");
  private static final List<String> TEXTS =
      List.of("a", "A", "ab", "aB", "*", "a*", "?b", "5", "10", "10.1.2.3", "2025-03-04 05:06", "");
  private static final List<String> JSON =
      List.of(
          "\"a\"",
          "\"A\"",
          "\"aab\"",
          "\"xAbx\"",
          "5",
          "5.0",
          "-1",
          "true",
          "null",
          "[]",
          "{}",
          "\"\"",
          "[\"a\",\"b\",null]",
          "{\"b\":\"a\"}",
          "[{\"b\":5},{\"b\":\"ab\"}]",
          "\"10.1.2.3\"",
          "\"::ffff:10.1.2.3\"",
          "\"2025-03-04 05:06:07\"",
          "1741064767",
          "\"0x10\"");

  private final Random random;

  public RandomDetections(long seed) {
    random = new Random(seed);
  }

  /** A flat Windows Security event with some of the fields. */
  public String event() {
    StringBuilder out = new StringBuilder("{\"Channel\":\"Security\",\"EventID\":5379");
    for (String field : List.of("F", "G", "a", "a.b", "My Field", "other")) {
      if (random.nextInt(3) > 0) {
        out.append(",\"").append(field).append("\":").append(one(JSON));
      }
    }
    return out.append('}').toString();
  }

  public Detection detection() {
    Map<String, Search> selections = new LinkedHashMap<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      selections.put("s" + i, search(3));
    }
    return new Detection(selections, condition(List.copyOf(selections.keySet()), 3));
  }

  private Condition condition(List<String> names, int depth) {
    return switch (random.nextInt(depth == 0 ? 3 : 6)) {
      case 0 -> new Condition.Selection(one(names));
      case 1 -> new Condition.AtLeast(1 + random.nextInt(2), "s*", some(names));
      case 2 -> new Condition.AllOf("s*", some(names));
      case 3 -> new Condition.Not(condition(names, depth - 1));
      case 4 -> new Condition.And(several(() -> condition(names, depth - 1)));
      default -> new Condition.Or(several(() -> condition(names, depth - 1)));
    };
  }

  private Search search(int depth) {
    return switch (random.nextInt(depth == 0 ? 1 : 4)) {
      case 0 -> new Search.Test(predicate());
      case 1 -> new Search.Negated(search(depth - 1));
      case 2 -> Search.every(several(() -> search(depth - 1)));
      default -> Search.any(several(() -> search(depth - 1)));
    };
  }

  /** A predicate of one of few fields. */
  public Predicate predicate() {
    String field = one(FIELDS);
    return switch (random.nextInt(11)) {
      case 0 -> new Predicate.NumberEquals(field, BigDecimal.valueOf(5), "5");
      case 1 -> new Predicate.IsNull(field);
      case 2 -> new Predicate.Exists(field, random.nextBoolean());
      case 3 -> new Predicate.Regex(field, one(List.of("a+", "^a$", "B", ".")), one(FLAGS));
      case 4 -> new Predicate.InNetwork(field, one(List.of("10.0.0.0/8", "::/0")));
      case 5 -> new Predicate.Compare(field, one(COMPARISONS), BigDecimal.valueOf(5));
      case 6 -> new Predicate.InTime(field, one(TIME_PARTS), one(COMPARISONS), 5);
      case 7 ->
          new Predicate.SameAs(
              field, one(MODES), one(FIELDS), random.nextBoolean(), random.nextBoolean());
      case 8 -> text("", TextMode.CONTAINS);
      default -> text(field, one(MODES));
    };
  }

  private static final List<String> FLAGS = List.of("", "i", "s", "im");
  private static final List<TextMode> MODES = List.of(TextMode.values());
  private static final List<Comparison> COMPARISONS = List.of(Comparison.values());
  private static final List<TimePart> TIME_PARTS = List.of(TimePart.values());

  private Predicate text(String field, TextMode mode) {
    String written = one(TEXTS);
    return new Predicate.Text(
        field, mode, TextPattern.parse(written), random.nextInt(4) == 0, written);
  }

  private <T> T one(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private List<String> some(List<String> from) {
    List<String> some = from.stream().filter(name -> random.nextBoolean()).toList();
    return some.isEmpty() ? List.of(one(from)) : some;
  }

  private <T> List<T> several(Supplier<T> make) {
    List<T> made = new ArrayList<>();
    for (int i = 2 + random.nextInt(2); i > 0; i--) {
      made.add(make.get());
    }
    return made;
  }
}
