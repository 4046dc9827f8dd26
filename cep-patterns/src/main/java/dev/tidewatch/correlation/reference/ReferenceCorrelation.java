package dev.tidewatch.correlation.reference;

import dev.tidewatch.correlation.Bounds;
import dev.tidewatch.correlation.CorrelationPlan;
import dev.tidewatch.correlation.CorrelationPlan.Fired;
import dev.tidewatch.correlation.CorrelationPlan.Measured;
import dev.tidewatch.correlation.CorrelationPlan.Percentile;
import dev.tidewatch.correlation.Windowing.Count;
import dev.tidewatch.correlation.machine.Decimals;
import dev.tidewatch.remember.Match;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A correlation over all matches of one group, window by window. Quadratic and worse. */
public final class ReferenceCorrelation {
  private final CorrelationPlan plan;
  private final Windows windows;

  public ReferenceCorrelation(CorrelationPlan plan) {
    this.plan = plan;
    this.windows = new Windows(plan.windowing());
  }

  /**
   * @param matches of one group, in any order
   * @param suppressMicros of the rule
   */
  public List<ReferenceEpisode> episodes(List<Match> matches, long suppressMicros) {
    List<Match> sorted = matches.stream().filter(this::takesPart).sorted(Match.ORDER).toList();
    Episodes episodes = new Episodes(suppressMicros);
    if (plan.decidedAtClose()) {
      for (List<Match> window : windows.closed(sorted)) {
        if (holds(window)) {
          episodes.holdsAt(windows.closing(window), making(window));
        }
      }
    } else {
      for (int i = 0; i < sorted.size(); i++) {
        match(sorted, i, episodes);
      }
    }
    return episodes.all();
  }

  private void match(List<Match> sorted, int index, Episodes episodes) {
    Match match = sorted.get(index);
    if (!holds(windows.at(match.timeMicros(), sorted.subList(0, index)))) {
      episodes.fails();
    }
    List<Match> window = windows.at(match.timeMicros(), sorted.subList(0, index + 1));
    if (holds(window)) {
      episodes.holds(match, making(window));
    } else {
      episodes.fails();
    }
  }

  private boolean takesPart(Match match) {
    if (plan.type().readsNumbers()) {
      return Decimals.parse(match.field(0)) != null;
    }
    return plan.valueFields().isEmpty() || !Arrays.asList(match.fields()).contains(null);
  }

  /** Whether the condition is true of the matches in a window. */
  public boolean holds(List<Match> window) {
    if (window.isEmpty()
        || plan.windowing() instanceof Count count && window.size() < count.size()) {
      return false;
    }
    if (plan.condition() instanceof Measured measured) {
      return measured(window, measured.bounds());
    }
    if (plan.condition() instanceof Percentile percentile) {
      return percentile.bounds().hold(percentile(window, percentile.percentile()));
    }
    if (plan.condition() instanceof Fired fired) {
      long members = window.stream().mapToLong(m -> 1L << m.member()).reduce(0, (a, b) -> a | b);
      return fired.expression().holds(members);
    }
    return existsInOrder(window, 0, 0);
  }

  private boolean measured(List<Match> window, Bounds bounds) {
    return switch (plan.type()) {
      case EVENT_COUNT -> bounds.hold(BigDecimal.valueOf(window.size()));
      case VALUE_SUM -> bounds.hold(sum(window));
      case VALUE_AVG -> bounds.holdAverage(sum(window), window.size());
      default -> bounds.hold(BigDecimal.valueOf(newestOfEach(window).size()));
    };
  }

  private static BigDecimal number(Match match) {
    BigDecimal number = Decimals.parse(match.field(0));
    return number == null ? BigDecimal.ZERO : number;
  }

  private static BigDecimal sum(List<Match> window) {
    return window.stream().map(ReferenceCorrelation::number).reduce(BigDecimal::add).orElseThrow();
  }

  /** The least value that at least so many percent of the values do not exceed. */
  private static BigDecimal percentile(List<Match> window, BigDecimal percent) {
    List<BigDecimal> values = window.stream().map(ReferenceCorrelation::number).sorted().toList();
    BigDecimal asked = percent.multiply(BigDecimal.valueOf(values.size()));
    for (BigDecimal value : values) {
      long below = values.stream().filter(v -> v.compareTo(value) <= 0).count();
      if (BigDecimal.valueOf(100 * below).compareTo(asked) >= 0) {
        return value;
      }
    }
    return values.get(values.size() - 1);
  }

  /** Tries every match for each rule in turn. */
  private boolean existsInOrder(List<Match> window, int from, int member) {
    if (member == plan.members()) {
      return true;
    }
    for (int i = from; i < window.size(); i++) {
      if (window.get(i).member() == member && existsInOrder(window, i + 1, member + 1)) {
        return true;
      }
    }
    return false;
  }

  /** The matches that make the condition true, oldest first. */
  private List<Match> making(List<Match> window) {
    return switch (plan.type()) {
      case VALUE_COUNT -> mostThatMatter(newestOfEach(window));
      case TEMPORAL -> newestOfEach(window);
      case TEMPORAL_ORDERED -> lastInOrder(window);
      default -> window;
    };
  }

  /** More values than change the condition are not kept. */
  private List<Match> mostThatMatter(List<Match> values) {
    long most = Math.max(1, ((Measured) plan.condition()).bounds().whole().largest());
    return values.size() <= most
        ? values
        : values.subList(values.size() - (int) most, values.size());
  }

  /** The newest match of each value, or of each rule. */
  private List<Match> newestOfEach(List<Match> window) {
    Map<Object, Match> newest = new LinkedHashMap<>();
    for (Match match : window) {
      Object each = plan.type().isTemporal() ? match.member() : values(match.fields());
      newest.remove(each);
      newest.put(each, match);
    }
    return List.copyOf(newest.values());
  }

  private static List<@Nullable String> values(@Nullable String[] fields) {
    return Arrays.asList(fields);
  }

  /** From the end, the last match of each rule that the one after it allows. */
  private List<Match> lastInOrder(List<Match> window) {
    List<Match> chain = new ArrayList<>();
    int member = plan.members() - 1;
    for (int i = window.size() - 1; i >= 0 && member >= 0; i--) {
      if (window.get(i).member() == member) {
        chain.add(window.get(i));
        member--;
      }
    }
    Collections.reverse(chain);
    return chain;
  }
}
