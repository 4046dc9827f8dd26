package dev.tidewatch.pattern.machines;

import dev.tidewatch.pattern.plan.PlanStep;
import dev.tidewatch.remember.Conditions.Finding;
import dev.tidewatch.remember.Conditions.Window;
import dev.tidewatch.remember.EventRef;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of a sequence's match, found by following its links back. */
final class ChainWindow implements Window {
  private final PlanStep[] steps;
  private final long withinMicros;
  private final Link done;
  private final long timeMicros;
  private final String[] entities;
  private @Nullable List<EventRef> events;
  private final List<Finding> findings = new ArrayList<>();

  ChainWindow(PlanStep[] steps, long withinMicros, Link done, long timeMicros, String... entities) {
    this.steps = steps;
    this.withinMicros = withinMicros;
    this.done = done;
    this.timeMicros = timeMicros;
    this.entities = entities;
  }

  private List<EventRef> events() {
    if (events == null) {
      List<EventRef> found = new ArrayList<>();
      Link link = done;
      while (link != null) {
        link = steps[link.step].times().isOnce() ? one(link, found) : run(link, found);
      }
      Collections.reverse(found);
      Collections.reverse(findings);
      events = found;
    }
    return events;
  }

  private static @Nullable Link one(Link link, List<EventRef> found) {
    found.add(link.event);
    return link.base;
  }

  /** As many of the step's events as may belong to the match. */
  private @Nullable Link run(Link newest, List<EventRef> found) {
    PlanStep step = steps[newest.step];
    int most = Math.min(step.times().max(), Math.max(step.times().min(), SequenceMachine.MAX_RUN));
    Link earliest = null;
    int counted = 0;
    int count = 0;
    for (Link link = newest; link != null; link = link.previous) {
      count++;
      if (count > most && earliest != null) {
        break;
      }
      if (count >= step.times().min() && mayBegin(link)) {
        earliest = link;
        counted = count;
      }
    }
    if (earliest == null) {
      throw new IllegalStateException("a step that is not done: " + step.name());
    }
    int taken = Math.min(counted, most);
    Link link = newest;
    for (int i = 1; i < taken && link != null; i++, link = link.previous) {
      found.add(link.event);
    }
    found.add(earliest.event);
    findings.add(
        new Finding(newest.event.member(), step.name() + ".count", Integer.toString(taken)));
    return earliest.base;
  }

  private boolean mayBegin(Link link) {
    return (link.step == 0 || link.base != null)
        && SequenceMachine.fits(link.startMicros, timeMicros, withinMicros);
  }

  @Override
  public long count() {
    return events().size();
  }

  @Override
  public long firstMicros() {
    return events().get(0).timeMicros();
  }

  @Override
  public List<EventRef> evidence(int cap) {
    return events().subList(Math.max(0, events().size() - cap), events().size());
  }

  @Override
  public List<Finding> findings() {
    events();
    return findings;
  }

  @Override
  public String[] entities() {
    return entities;
  }
}
