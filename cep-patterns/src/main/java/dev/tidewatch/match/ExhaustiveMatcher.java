package dev.tidewatch.match;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.LogSource;
import dev.tidewatch.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Evaluates every rule whose log source covers the event's, one by one. The reference that faster
 * matchers are held against.
 */
public final class ExhaustiveMatcher implements Matcher {
  /** Log sources come from events: what an event can say must not fill the memory. */
  private static final int ROUTES_KEPT = 4_096;

  /** A rule and its plan. */
  private record Planned(SigmaRule rule, Plan plan) {}

  private final List<SigmaRule> rules;
  private final List<Planned> plans;
  private final Map<List<LogSource>, List<Planned>> routes = new ConcurrentHashMap<>();
  private final ThreadLocal<EventValues> scratch;

  public ExhaustiveMatcher(List<SigmaRule> rules) {
    this.rules = List.copyOf(rules);
    Planner planner = new Planner();
    this.plans = this.rules.stream().map(r -> new Planned(r, planner.plan(r.detection()))).toList();
    String[] fields = planner.fieldNames();
    this.scratch = ThreadLocal.withInitial(() -> new EventValues(fields));
  }

  @Override
  public List<SigmaRule> rules() {
    return rules;
  }

  @Override
  public List<RuleMatch> match(EventDocument event) {
    List<Planned> route = route(event);
    if (route.isEmpty()) {
      return List.of();
    }
    EventValues values = scratch.get();
    values.begin(event);
    try {
      return match(route, values);
    } finally {
      values.end();
    }
  }

  private static List<RuleMatch> match(List<Planned> route, EventValues values) {
    List<RuleMatch> matches = List.of();
    for (int i = 0; i < route.size(); i++) {
      Planned planned = route.get(i);
      if (planned.plan().holds(values)) {
        Evidence evidence = new Evidence();
        planned.plan().explain(values, evidence);
        matches = matches.isEmpty() ? new ArrayList<>() : matches;
        matches.add(new RuleMatch(planned.rule(), evidence.fields()));
      }
    }
    return matches;
  }

  private List<Planned> route(EventDocument event) {
    List<LogSource> sources = event.logSources();
    List<Planned> known = routes.get(sources);
    if (known == null) {
      known = plans.stream().filter(p -> event.isCoveredBy(p.rule().logSource())).toList();
      if (routes.size() < ROUTES_KEPT) {
        routes.put(List.copyOf(sources), known);
      }
    }
    return known;
  }
}
