package dev.tidewatch.jobs.rules;

import java.util.HashSet;
import java.util.Set;

/**
 * Tenants whose events a rule version sees.
 *
 * @param only empty: all
 * @param without tenants that run another version of the rule instead
 */
public record Audience(Set<String> only, Set<String> without) {
  public static final Audience ALL = new Audience(Set.of(), Set.of());

  /** No tenant has an empty id. */
  static final Audience NOBODY = new Audience(Set.of(""), Set.of());

  public Audience {
    only = Set.copyOf(only);
    without = Set.copyOf(without);
  }

  public boolean covers(String tenantId) {
    return (only.isEmpty() || only.contains(tenantId)) && !without.contains(tenantId);
  }

  /** That tenant alone, if it is of this audience. */
  Audience onlyFor(String tenantId) {
    return covers(tenantId) ? new Audience(Set.of(tenantId), Set.of()) : NOBODY;
  }

  /** All but that tenant. */
  Audience except(String tenantId) {
    if (!covers(tenantId)) {
      return this;
    }
    Set<String> less = new HashSet<>(only);
    Set<String> more = new HashSet<>(without);
    if (only.isEmpty()) {
      more.add(tenantId);
    } else {
      less.remove(tenantId);
    }
    return less.isEmpty() && more.isEmpty() ? NOBODY : new Audience(less, more);
  }

  /** These tenants and those of another audience that names some. */
  Audience and(Audience others) {
    Set<String> all = new HashSet<>(only);
    all.addAll(others.only());
    return new Audience(all, without);
  }
}
