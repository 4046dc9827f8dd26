package dev.tidewatch.jobs.match;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.v1.Entity;
import dev.tidewatch.remember.EventEntities;
import java.util.ArrayList;
import java.util.List;

/** Who and what an event is about, as an alert says it. */
final class AlertEntities {
  private static final int MAX_ENTITIES = 32;

  private AlertEntities() {}

  /** Each once, the host first. */
  static List<Entity> of(EventDocument event, int maxValueLength) {
    String[] found = EventEntities.of(event, MAX_ENTITIES, maxValueLength);
    List<Entity> entities = new ArrayList<>(found.length / 2);
    for (int i = 0; i + 1 < found.length; i += 2) {
      entities.add(Entity.newBuilder().setKind(found[i]).setValue(found[i + 1]).build());
    }
    return entities;
  }
}
