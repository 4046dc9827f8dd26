package dev.tidewatch.events;

import java.util.Map;

/** Turns an event into OCSF columns. */
final class OcsfMapping {
  private OcsfMapping() {}

  static OcsfEvent of(EventDocument event, Recognition recognition) {
    return new OcsfEvent(
        recognition.classUid(), "Base Event", recognition.activityId(), Map.of(), event.shape());
  }
}
