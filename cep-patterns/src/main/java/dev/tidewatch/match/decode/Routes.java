package dev.tidewatch.match.decode;

import dev.tidewatch.events.EventDocument;
import java.util.Set;

/**
 * What an event's log sources and constant fields lead to.
 *
 * @param <T> e.g. the rules to be tried
 */
public interface Routes<T> {
  /**
   * Called once for all events that agree with {@code event} in log sources and in the values of
   * {@link #constantFields}.
   */
  T route(EventDocument event);

  /** Fields with few values that the route may depend on. */
  Set<String> constantFields();
}
