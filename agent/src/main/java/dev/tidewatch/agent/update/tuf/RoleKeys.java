package dev.tidewatch.agent.update.tuf;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Who may sign for a role.
 *
 * @param threshold how many of them have to
 */
public record RoleKeys(Set<String> keyIds, int threshold) {
  public RoleKeys {
    keyIds = Set.copyOf(keyIds);
  }

  static RoleKeys of(Fields role) throws TufException {
    Set<String> ids = new LinkedHashSet<>();
    for (Object id : role.list("keyids")) {
      if (!(id instanceof String text) || !ids.add(text)) {
        throw role.problem("keyids", "different texts");
      }
    }
    long threshold = role.positive("threshold");
    if (threshold > ids.size()) {
      throw role.problem("threshold", "at most the number of keys");
    }
    return new RoleKeys(ids, (int) threshold);
  }
}
