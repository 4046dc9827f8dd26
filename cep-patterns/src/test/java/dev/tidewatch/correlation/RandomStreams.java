package dev.tidewatch.correlation;

import dev.tidewatch.correlation.Bounds.Operator;
import dev.tidewatch.correlation.CorrelationPlan.Condition;
import dev.tidewatch.correlation.CorrelationPlan.Fired;
import dev.tidewatch.correlation.CorrelationPlan.InOrder;
import dev.tidewatch.correlation.CorrelationPlan.Measured;
import dev.tidewatch.correlation.CorrelationPlan.Percentile;
import dev.tidewatch.remember.Match;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Plans and streams in which boundaries, equal times and gaps are frequent. */
final class RandomStreams {
  private static final String[] VALUES = {
    "a", "b", "c", "d", "a value longer than fifteen", "ä", ""
  };
  private static final String[] NUMBERS = {
    "1", "2", "3", "0.1", "0.3", "-2", "1e2", "0x10", "many", "", "1e999"
  };

  private final Random random;

  RandomStreams(Random random) {
    this.random = random;
  }

  CorrelationPlan plan(CorrelationType type) {
    int members = type.isTemporal() ? 1 + random.nextInt(4) : 1 + random.nextInt(2);
    int fields = type == CorrelationType.VALUE_COUNT ? 1 + random.nextInt(2) : 1;
    List<String> names = type.readsValues() ? List.of("f", "g").subList(0, fields) : List.of();
    return new CorrelationPlan(type, members, names, windowing(type), condition(type, members));
  }

  private Windowing windowing(CorrelationType type) {
    long timespan = 1 + random.nextInt(20);
    return switch (random.nextInt(type.readsNumbers() ? 6 : 5)) {
      case 3 -> new Windowing.Tumbling(timespan);
      case 4 -> new Windowing.Session(timespan, 1 + random.nextInt((int) timespan));
      case 5 -> new Windowing.Count(timespan, 1 + random.nextInt(4));
      default -> new Windowing.Sliding(timespan);
    };
  }

  private Condition condition(CorrelationType type, int members) {
    if (type == CorrelationType.TEMPORAL_ORDERED) {
      return new InOrder();
    }
    if (type == CorrelationType.VALUE_PERCENTILE) {
      return new Percentile(BigDecimal.valueOf(random.nextInt(101)), bounds(6));
    }
    if (type == CorrelationType.TEMPORAL && random.nextBoolean()) {
      return new Fired(expression(members, 3));
    }
    return new Measured(bounds(type.isTemporal() ? members : 6));
  }

  private Bounds bounds(int largest) {
    Map<Operator, BigDecimal> limits = new EnumMap<>(Operator.class);
    int limit = 1 + random.nextInt(largest);
    Operator operator = Operator.values()[random.nextInt(6)];
    if (random.nextBoolean()) {
      operator = random.nextBoolean() ? Operator.GTE : Operator.GT;
    }
    limits.put(operator, BigDecimal.valueOf(limit));
    if (operator.isLower() && random.nextInt(3) == 0) {
      limits.put(
          random.nextBoolean() ? Operator.LTE : Operator.LT,
          BigDecimal.valueOf(limit + random.nextInt(4)));
    }
    return new Bounds(limits);
  }

  private RuleExpression expression(int members, int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      return new RuleExpression.Fired(random.nextInt(members));
    }
    List<RuleExpression> terms =
        List.of(expression(members, depth - 1), expression(members, depth - 1));
    return switch (random.nextInt(5)) {
      case 0 -> new RuleExpression.Not(terms.get(0));
      case 1, 2 -> new RuleExpression.Any(terms);
      default -> new RuleExpression.All(terms);
    };
  }

  List<Match> matches(CorrelationPlan plan) {
    List<Match> matches = new ArrayList<>();
    int events = random.nextInt(60);
    int step = 1 + random.nextInt(6);
    long time = random.nextInt(10) - 5;
    for (int event = 0; event < events; event++) {
      time += random.nextInt(12) == 0 ? random.nextInt(40) : random.nextInt(step);
      int first = random.nextInt(plan.members());
      int satisfied = random.nextInt(4) == 0 ? plan.members() : first + 1;
      @Nullable String[] fields = fields(plan);
      for (int member = first; member < satisfied; member++) {
        matches.add(new Match(time, random.nextInt(3) - 1, event, member, fields, new String[0]));
      }
    }
    return matches;
  }

  private @Nullable String[] fields(CorrelationPlan plan) {
    @Nullable String[] fields = new @Nullable String[plan.valueFields().size()];
    String[] values = plan.type().readsNumbers() ? NUMBERS : VALUES;
    for (int i = 0; i < fields.length; i++) {
      fields[i] = random.nextInt(15) == 0 ? null : values[random.nextInt(values.length)];
    }
    return fields;
  }
}
