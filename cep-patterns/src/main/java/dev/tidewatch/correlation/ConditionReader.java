package dev.tidewatch.correlation;

import static dev.tidewatch.diagnostic.DiagnosticCode.CONDITION_ALWAYS_HOLDS;
import static dev.tidewatch.diagnostic.DiagnosticCode.CORRELATION_CONDITION;
import static dev.tidewatch.diagnostic.DiagnosticCode.CORRELATION_LIMIT;
import static dev.tidewatch.diagnostic.DiagnosticCode.CORRELATION_NEVER_HOLDS;
import static dev.tidewatch.diagnostic.DiagnosticCode.MISPLACED_KEY;
import static dev.tidewatch.diagnostic.DiagnosticCode.MISSING_KEY;
import static dev.tidewatch.diagnostic.DiagnosticCode.UNUSED_RULE;
import static dev.tidewatch.diagnostic.DiagnosticCode.WRONG_TYPE;

import dev.tidewatch.correlation.Bounds.Operator;
import dev.tidewatch.correlation.CorrelationPlan.Condition;
import dev.tidewatch.correlation.CorrelationPlan.Fired;
import dev.tidewatch.correlation.CorrelationPlan.InOrder;
import dev.tidewatch.correlation.CorrelationPlan.Measured;
import dev.tidewatch.correlation.CorrelationPlan.Percentile;
import dev.tidewatch.diagnostic.Diagnostics;
import dev.tidewatch.diagnostic.Place;
import dev.tidewatch.sigma.yaml.YamlNode.Entry;
import dev.tidewatch.sigma.yaml.YamlNode.Mapping;
import dev.tidewatch.sigma.yaml.YamlNode.Scalar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads {@code condition}. */
final class ConditionReader {
  private static final int MAX_VALUE_FIELDS = 8;
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final BigDecimal LARGEST = BigDecimal.TEN.pow(30);
  private static final String EXAMPLE = "for example condition: {gte: 10}";

  private final CorrelationType type;
  private final List<Scalar> rules;
  private final Diagnostics diagnostics;
  private List<Scalar> fields = List.of();

  ConditionReader(CorrelationType type, List<Scalar> rules, Diagnostics diagnostics) {
    this.type = type;
    this.rules = rules;
    this.diagnostics = diagnostics;
  }

  /** Fields that the condition names. */
  List<Scalar> fields() {
    return fields;
  }

  /**
   * @return empty if it has an error
   */
  Optional<Condition> read(Optional<Entry> entry, Place place) {
    int before = diagnostics.errors();
    Optional<Condition> condition =
        entry.isPresent() ? present(entry.get()) : Optional.ofNullable(absent(place));
    return diagnostics.errors() == before ? condition : Optional.empty();
  }

  private @org.jspecify.annotations.Nullable Condition absent(Place place) {
    if (type == CorrelationType.TEMPORAL_ORDERED) {
      return new InOrder();
    }
    if (type == CorrelationType.TEMPORAL) {
      return new Measured(
          new Bounds(Map.of(Operator.GTE, BigDecimal.valueOf(Math.max(1, rules.size())))));
    }
    diagnostics.add(
        MISSING_KEY,
        place,
        "'condition' is missing",
        type.readsValues() ? "for example condition: {gte: 10, field: NAME}" : EXAMPLE);
    return null;
  }

  private Optional<Condition> present(Entry entry) {
    if (type == CorrelationType.TEMPORAL_ORDERED) {
      diagnostics.add(
          MISPLACED_KEY,
          entry.key().place(),
          "temporal_ordered takes no condition: every rule has to fire, in their order",
          "leave it out; for other orders write a pattern");
      return Optional.empty();
    }
    if (entry.value() instanceof Scalar text && !text.isNull()) {
      return expression(entry, text);
    }
    if (!(entry.value() instanceof Mapping mapping)) {
      diagnostics.add(
          WRONG_TYPE,
          entry.value().place(),
          "'condition' must be a map, not " + entry.value().kindName(),
          EXAMPLE);
      return Optional.empty();
    }
    return operators(new Section(mapping, entry.key().place(), diagnostics));
  }

  private Optional<Condition> expression(Entry entry, Scalar text) {
    if (type != CorrelationType.TEMPORAL) {
      diagnostics.add(
          CORRELATION_CONDITION,
          entry.value().place(),
          "only temporal takes an expression as its condition, " + type.text() + " an operator",
          EXAMPLE);
      return Optional.empty();
    }
    RuleExpressionParser parser =
        new RuleExpressionParser(text, rules.stream().map(Scalar::text).toList(), diagnostics);
    Optional<RuleExpression> expression = parser.parse();
    for (int i = 0; i < rules.size() && expression.isPresent(); i++) {
      if (!parser.used().contains(i)) {
        diagnostics.add(
            UNUSED_RULE,
            rules.get(i).place(),
            "the condition does not name '" + rules.get(i).text() + "'",
            "its matches only open windows and show in alerts; remove it if that is not meant");
      }
    }
    return expression.map(Fired::new);
  }

  private Optional<Condition> operators(Section section) {
    section.allow(List.of("gt", "gte", "lt", "lte", "eq", "neq", "field", "percentile"));
    fields(section);
    Map<Operator, BigDecimal> limits = limits(section);
    Optional<BigDecimal> percentile = percentile(section);
    checkPair(section, limits);
    if (limits.isEmpty()) {
      return Optional.empty();
    }
    Bounds bounds = new Bounds(limits);
    if (!type.readsNumbers()) {
      checkCount(section.place(), bounds);
    }
    if (type == CorrelationType.VALUE_PERCENTILE) {
      return percentile.map(p -> new Percentile(p, bounds));
    }
    return Optional.of(new Measured(bounds));
  }

  private void fields(Section section) {
    Optional<Entry> entry = section.entry("field");
    if (entry.isEmpty()) {
      if (type.readsValues()) {
        section.required("field", "field: the field whose values are looked at");
      }
      return;
    }
    if (!type.readsValues()) {
      section.error(
          MISPLACED_KEY,
          entry.get().key().place(),
          type.text() + " looks at no field",
          type == CorrelationType.EVENT_COUNT ? "did you mean type: value_count?" : "remove it");
      return;
    }
    fields = section.texts(entry.get());
    int most = type == CorrelationType.VALUE_COUNT ? MAX_VALUE_FIELDS : 1;
    if (fields.size() > most) {
      section.error(
          CORRELATION_LIMIT,
          entry.get().value().place(),
          type.text() + " takes " + (most == 1 ? "one field" : "at most " + most + " fields"),
          "");
    } else if (fields.isEmpty()) {
      section.error(MISSING_KEY, entry.get().value().place(), "'field' names no field", "");
    }
  }

  private Map<Operator, BigDecimal> limits(Section section) {
    Map<Operator, BigDecimal> limits = new EnumMap<>(Operator.class);
    for (Operator operator : Operator.values()) {
      String key = operator.name().toLowerCase(Locale.ROOT);
      section.entry(key).flatMap(e -> number(section, e)).ifPresent(n -> limits.put(operator, n));
    }
    boolean none = true;
    for (Operator operator : Operator.values()) {
      none &= section.entry(operator.name().toLowerCase(Locale.ROOT)).isEmpty();
    }
    if (none) {
      section.error(
          CORRELATION_CONDITION,
          section.place(),
          "the condition has no operator",
          "gt, gte, lt, lte, eq or neq, with a number");
    }
    return limits;
  }

  private Optional<BigDecimal> number(Section section, Entry entry) {
    if (entry.value() instanceof Scalar scalar && scalar.kind() == Scalar.Kind.NUMBER) {
      BigDecimal number = scalar.number();
      boolean whole = number.stripTrailingZeros().scale() <= 0;
      if (number.abs().compareTo(LARGEST) <= 0
          && number.scale() <= 18
          && (type.readsNumbers() || whole)) {
        return Optional.of(number);
      }
    }
    section.error(
        CORRELATION_CONDITION,
        entry.value().place(),
        "'"
            + entry.key().text()
            + "' must be "
            + (type.readsNumbers() ? "a number" : "a whole number"),
        "write " + entry.key().text() + ": 10");
    return Optional.empty();
  }

  /** One operator, or one from below and one from above. */
  private static void checkPair(Section section, Map<Operator, BigDecimal> limits) {
    List<Operator> operators = new ArrayList<>(limits.keySet());
    boolean range =
        operators.size() == 2
            && operators.stream().filter(Operator::isLower).count() == 1
            && operators.stream().filter(Operator::isUpper).count() == 1;
    if (operators.size() > 1 && !range) {
      section.error(
          CORRELATION_CONDITION,
          section.place(),
          "these operators cannot stand together: " + new Bounds(limits),
          "one operator, or a range: gt or gte with lt or lte");
    }
  }

  private void checkCount(Place place, Bounds bounds) {
    Bounds.Whole whole = bounds.whole();
    boolean never = !whole.not() && (whole.from() > whole.to() || whole.to() < 1);
    if (never || type.isTemporal() && !whole.not() && whole.from() > rules.size()) {
      diagnostics.add(
          CORRELATION_NEVER_HOLDS,
          place,
          "no window can meet " + bounds,
          "windows hold at least one match"
              + (type.isTemporal() ? ", and " + rules.size() + " rules can fire" : ""));
    } else if (whole.from() <= 1 && whole.to() == Long.MAX_VALUE && !whole.not()) {
      diagnostics.add(
          CONDITION_ALWAYS_HOLDS,
          place,
          "a single match meets " + bounds,
          "the correlation only groups alerts then; ask for 2 or more to count");
    }
    if (whole.largest() > CorrelationPlan.MAX_COUNT && type != CorrelationType.VALUE_COUNT
        || whole.largest() > 1_000_000_000) {
      diagnostics.add(
          CORRELATION_LIMIT,
          place,
          String.format(
              Locale.ROOT, "matches are counted up to %,d only", CorrelationPlan.MAX_COUNT),
          "choose a shorter timespan and a smaller number");
    }
  }

  private Optional<BigDecimal> percentile(Section section) {
    Optional<Entry> entry = section.entry("percentile");
    if (entry.isEmpty()) {
      return Optional.of(BigDecimal.valueOf(50));
    }
    if (type != CorrelationType.VALUE_PERCENTILE) {
      section.error(
          MISPLACED_KEY,
          entry.get().key().place(),
          type.text() + " has no percentile",
          "did you mean type: value_percentile?");
      return Optional.empty();
    }
    if (entry.get().value() instanceof Scalar scalar
        && scalar.kind() == Scalar.Kind.NUMBER
        && scalar.number().signum() >= 0
        && scalar.number().compareTo(HUNDRED) <= 0
        && scalar.number().scale() <= 6) {
      return Optional.of(scalar.number());
    }
    section.error(
        CORRELATION_CONDITION,
        entry.get().value().place(),
        "'percentile' must be a number from 0 to 100",
        "write percentile: 95");
    return Optional.empty();
  }
}
