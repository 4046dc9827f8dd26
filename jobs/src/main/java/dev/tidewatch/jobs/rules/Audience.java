package dev.tidewatch.jobs.rules;

import java.util.Set;

/**
 * Tenants whose events a rule version sees.
 *
 * @param only empty: all
 * @param without tenants that run another version of the rule instead
 */
public record Audience(Set<String> only, Set<String> without) {
  public static final Audience ALL = new Audience(Set.of(), Set.of());

  public Audience {
    only = Set.copyOf(only);
    without = Set.copyOf(without);
  }

  public boolean covers(String tenantId) {
    return (only.isEmpty() || only.contains(tenantId)) && !without.contains(tenantId);
  }
}
