package dev.tidewatch.jobs.cep;

import dev.tidewatch.pattern.machines.PatternEvent;
import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.pattern.plan.PlanStep;
import dev.tidewatch.remember.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.nfa.compiler.NFACompiler;
import org.apache.flink.cep.operator.CepOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;

/**
 * The same plan as Flink's own operator runs it: what {@code CEP.pattern} makes of it. It is asked
 * for all matches, and the after-match policies are applied the slow way: past the last event by
 * running what is left of the stream anew, to the next by keeping the first match of each begin.
 */
final class FlinkCep {
  private static final long AFTER_ALL = 40;

  /** A match: when it was told, and its events. */
  record Found(long timeMicros, List<PatternEvent> events) {
    private static final Comparator<Found> ORDER =
        Comparator.comparingLong(Found::timeMicros)
            .thenComparing(f -> f.events.get(0), FlinkCep::compare)
            .thenComparing(f -> -f.events.size())
            .thenComparing((a, b) -> compare(a.events, b.events));

    /** Of one instant, what an earlier event completed comes first. */
    private static final Comparator<Found> BY_END =
        Comparator.comparingLong(Found::timeMicros)
            .thenComparing(FlinkCep::last, FlinkCep::compare)
            .thenComparing(ORDER);

    String ids() {
      StringBuilder ids = new StringBuilder();
      events.forEach(event -> ids.append(event.matches()[0].eventIdHigh()).append(' '));
      return ids.toString();
    }
  }

  private FlinkCep() {}

  /** Each match as the ids of its events, by key. */
  static Map<Integer, List<String>> run(PatternPlan plan, Map<Integer, List<Match>> byKey)
      throws Exception {
    Map<Integer, List<String>> found = new LinkedHashMap<>();
    for (Map.Entry<Integer, List<Match>> group : byKey.entrySet()) {
      long scope = plan.steps().stream().mapToLong(PlanStep::mask).reduce(0, (a, b) -> a | b);
      List<PatternEvent> events =
          events(group.getValue()).stream().filter(e -> (e.mask() & scope) != 0).toList();
      List<Found> matches =
          switch (plan.afterMatch()) {
            case NO_SKIP -> all(plan, events);
            case SKIP_TO_NEXT -> firstOfEachBegin(all(plan, events));
            case SKIP_PAST_LAST -> pastLast(plan, events);
          };
      found.put(group.getKey(), matches.stream().map(Found::ids).toList());
    }
    return found;
  }

  private static List<Found> firstOfEachBegin(List<Found> all) {
    Set<PatternEvent> begun = new HashSet<>();
    return all.stream().filter(match -> begun.add(match.events().get(0))).toList();
  }

  private static List<Found> pastLast(PatternPlan plan, List<PatternEvent> events)
      throws Exception {
    List<Found> found = new ArrayList<>();
    List<PatternEvent> left = events;
    while (!left.isEmpty()) {
      List<Found> matches = all(plan, left);
      if (matches.isEmpty()) {
        break;
      }
      Found first = matches.get(0);
      found.add(first);
      left =
          plan.isAbsence()
              ? left.stream().filter(e -> e.timeMicros() >= first.timeMicros()).toList()
              : left.subList(left.indexOf(last(first)) + 1, left.size());
    }
    return found;
  }

  private static PatternEvent last(Found found) {
    return found.events().get(found.events().size() - 1);
  }

  @SuppressWarnings("unchecked") // a pattern over events gives a factory over events
  private static List<Found> all(PatternPlan plan, List<PatternEvent> events) throws Exception {
    NFACompiler.NFAFactory<PatternEvent> factory =
        (NFACompiler.NFAFactory<PatternEvent>)
            NFACompiler.compileFactory(FlinkPattern.of(plan), false);
    CepOperator<PatternEvent, Integer, Found> operator =
        new CepOperator<>(
            PatternEventSerializer.INSTANCE,
            false,
            factory,
            FlinkCep::compare,
            AfterMatchSkipStrategy.noSkip(),
            new Collect(),
            null);
    List<Found> found = new ArrayList<>();
    try (KeyedOneInputStreamOperatorTestHarness<Integer, PatternEvent, Found> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(operator, event -> 0, Types.INT)) {
      harness.setup(
          new GenericTypeInfo<>(Found.class).createSerializer(new SerializerConfigImpl()));
      harness.open();
      for (PatternEvent event : events) {
        harness.processElement(new StreamRecord<>(event, event.timeMicros()));
      }
      // One instant after the other, so that what did not happen is told when its time is up.
      long end = events.isEmpty() ? 0 : events.get(events.size() - 1).timeMicros() + AFTER_ALL;
      for (long time = events.isEmpty() ? 1 : events.get(0).timeMicros(); time <= end; time++) {
        harness.processWatermark(time);
        for (Found match : harness.extractOutputValues()) {
          found.add(new Found(time, match.events()));
        }
        harness.getOutput().clear();
      }
    }
    found.sort(plan.isAbsence() ? Found.ORDER : Found.BY_END);
    return found;
  }

  /** Of one instant: by lowest member, then id. */
  private static int compare(PatternEvent a, PatternEvent b) {
    return Match.ORDER.compare(a.matches()[0], b.matches()[0]);
  }

  private static int compare(List<PatternEvent> a, List<PatternEvent> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = compare(a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static List<PatternEvent> events(List<Match> matches) {
    Map<Long, List<Match>> byId = new LinkedHashMap<>();
    matches.forEach(
        match -> byId.computeIfAbsent(match.eventIdHigh(), id -> new ArrayList<>()).add(match));
    return byId.values().stream()
        .map(
            ofEvent -> {
              ofEvent.sort(Comparator.comparingInt(Match::member));
              return new PatternEvent(ofEvent.toArray(Match[]::new));
            })
        .toList();
  }

  private static final class Collect extends PatternProcessFunction<PatternEvent, Found> {
    private static final long serialVersionUID = 1;

    @Override
    public void processMatch(
        Map<String, List<PatternEvent>> match, Context context, Collector<Found> out) {
      List<PatternEvent> events = new ArrayList<>();
      for (int step = 0; step < 10; step++) {
        events.addAll(match.getOrDefault(FlinkPattern.stage(step), List.of()));
      }
      out.collect(new Found(0, events));
    }
  }
}
