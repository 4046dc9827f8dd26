package dev.tidewatch.jobs.cep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.Match;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.cep.nfa.compiler.NFACompiler;
import org.junit.jupiter.api.Test;

/**
 * The machine, with many groups in turn on one shared buffer and state that is written and read
 * again, against Flink's own operator.
 */
class NfaMachinePropertyTest {
  private static final int PLANS = Integer.getInteger("tidewatch.nfa.plans", 150);
  private static final int GROUPS = 3;
  private static final int EVENTS = 16;

  @Test
  void findsWhatFlinksOperatorFinds() throws Exception {
    int matches = 0;
    int refused = 0;
    for (int seed = 0; seed < PLANS; seed++) {
      Random random = new Random(seed);
      PatternPlan plan = RandomPatterns.plan(random);
      if (new NfaEngine().refuses(plan).isPresent()) {
        refused++;
        continue;
      }
      Map<Integer, List<Match>> groups = new LinkedHashMap<>();
      for (int group = 0; group < GROUPS; group++) {
        groups.put(group, RandomPatterns.matches(random, EVENTS));
      }
      Map<Integer, List<String>> expected = FlinkCep.run(plan, groups);

      assertThat(run(plan, groups, random)).as("seed %s: %s", seed, plan).isEqualTo(expected);
      matches += expected.values().stream().mapToInt(List::size).sum();
    }
    assertThat(matches).isGreaterThan(PLANS);
    assertThat(refused).isLessThan(PLANS / 2);
  }

  private static Map<Integer, List<String>> run(
      PatternPlan plan, Map<Integer, List<Match>> groups, Random random) throws IOException {
    NfaMachine machine = new NfaMachine(plan);
    Map<Integer, MachineState> states = new LinkedHashMap<>();
    Map<Integer, Recorder> recorders = new LinkedHashMap<>();
    Map<Integer, Integer> next = new LinkedHashMap<>();
    groups.keySet().forEach(g -> recorders.put(g, new Recorder()));
    List<Integer> open = new ArrayList<>(groups.keySet());
    while (!open.isEmpty()) {
      int group = open.get(random.nextInt(open.size()));
      int at = next.merge(group, 1, Integer::sum) - 1;
      MachineState state = states.computeIfAbsent(group, g -> machine.newState());
      Recorder recorder = recorders.get(group);
      if (at == groups.get(group).size()) {
        time(machine, state, Long.MAX_VALUE, recorder);
        assertThat(machine.forgetAt(state)).isLessThan(1_000);
        open.remove(Integer.valueOf(group));
        continue;
      }
      Match match = groups.get(group).get(at);
      time(machine, state, match.timeMicros() - 1, recorder);
      machine.onMatch(state, match, recorder);
      if (random.nextInt(3) == 0) {
        states.put(group, restored(state));
      }
    }
    Map<Integer, List<String>> found = new LinkedHashMap<>();
    recorders.forEach((group, recorder) -> found.put(group, recorder.found));
    return found;
  }

  private static void time(NfaMachine machine, MachineState state, long until, Recorder recorder) {
    while (machine.nextTime(state) <= until && machine.nextTime(state) != Long.MAX_VALUE) {
      machine.onTime(state, machine.nextTime(state), recorder);
    }
  }

  private static MachineState restored(MachineState state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    state.write(new DataOutputStream(bytes));
    return new NfaGroupStateFormat()
        .read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), 1);
  }

  @Test
  void theSharedBufferAsksForItsMapsInTheOrderThatTheStoreGivesThem() {
    // With events, nodes and counts mixed up, the first event with a partial match would fail.
    PatternPlan plan = RandomPatterns.plan(new Random(1));
    assertThat(NFACompiler.compileFactory(FlinkPattern.of(plan), false).createNFA()).isNotNull();
    NfaMachine machine = new NfaMachine(plan);
    NfaGroupState state = (NfaGroupState) machine.newState();
    for (Match match : RandomPatterns.matches(new Random(1), 5)) {
      time(machine, state, match.timeMicros() - 1, new Recorder());
      machine.onMatch(state, match, new Recorder());
    }
    state.events.forEach((id, event) -> assertThat(id.getTimestamp()).isGreaterThanOrEqualTo(100));
    state.nodes.forEach((id, node) -> assertThat(id.getPageName()).startsWith("s"));
  }

  /** Matches as the ids of their events. */
  private static final class Recorder implements Conditions {
    private final List<String> found = new ArrayList<>();

    @Override
    public void holds(Match match, Window window) {
      record(window);
    }

    @Override
    public void holdsAt(long timeMicros, Window window) {
      record(window);
    }

    private void record(Window window) {
      StringBuilder ids = new StringBuilder();
      for (EventRef event : window.evidence(1_000)) {
        ids.append(event.eventIdHigh()).append(' ');
      }
      found.add(ids.toString());
    }

    @Override
    public void fails() {}

    @Override
    public void overflow(String what) {
      throw new IllegalStateException(what);
    }
  }
}
