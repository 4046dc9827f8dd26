package dev.tidewatch.control.deploy;

import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleStage;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How many rules a tenant may have of its own: drafted, in shadow or live for it by name. Rules for
 * all tenants are the operators', and count for nobody.
 */
final class RuleQuota {
  private RuleQuota() {}

  /**
   * Holds a book against the quotas of the tenants that get more rules by it.
   *
   * @param system where quotas of all tenants are seen
   * @throws StatusRuntimeException RESOURCE_EXHAUSTED when one would have more than its quota
   */
  static void require(TenantTransaction system, RuleBook before, RuleBook after) {
    Map<String, Integer> had = counts(before);
    counts(after)
        .forEach(
            (tenant, rules) -> {
              if (rules > had.getOrDefault(tenant, 0)) {
                require(system, tenant, rules);
              }
            });
  }

  private static Map<String, Integer> counts(RuleBook book) {
    Map<String, Integer> counts = new TreeMap<>();
    book.entries()
        .values()
        .forEach(
            entry ->
                entry.placement().getVersionsList().stream()
                    .filter(placed -> placed.getStage() != RuleStage.RULE_STAGE_RETIRED)
                    .map(PlacedVersion::getTenantsList)
                    .flatMap(tenants -> tenants.stream())
                    .distinct()
                    .forEach(tenant -> counts.merge(tenant, 1, Integer::sum)));
    return counts;
  }

  private static void require(TenantTransaction system, String tenant, int rules) {
    Optional<Long> most =
        system
            .handle()
            .createQuery("SELECT limit_value FROM quotas WHERE tenant_id = :of AND name = 'rules'")
            .bind("of", tenant)
            .mapTo(Long.class)
            .findOne();
    if (most.isPresent() && rules > most.get()) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription(
              ("tenant %s may have %d rules of its own (quota rules) and would have %d; nothing was"
                      + " written: retire some, or have an operator raise the quota")
                  .formatted(tenant, most.get(), rules))
          .asRuntimeException();
    }
  }
}
