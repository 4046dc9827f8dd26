package dev.tidewatch.control.deploy;

import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleStage;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The versions of rules that are one tenant's alone: written in it, or by operators for it, and
 * never placed for anybody else.
 *
 * @param numbers by rule id
 */
record OwnVersions(String tenant, Map<String, Set<Integer>> numbers) {
  private record Version(String ruleId, int number) {}

  private record Written(Version version, String author, long revision) {}

  private record Placed(String ruleId, long revision, byte[] after) {}

  /**
   * @param system where the rules are
   */
  static OwnVersions of(TenantTransaction system, String tenant) {
    Map<Version, Written> written = new HashMap<>();
    system
        .query(
            """
            SELECT rule_id, version, author, revision FROM rule_versions
            WHERE tenant_id = :tenant AND erased_at IS NULL
            """)
        .map(
            (row, context) ->
                new Written(
                    new Version(row.getString(1), row.getInt(2)), row.getString(3), row.getLong(4)))
        .forEach(version -> written.put(version.version(), version));
    Set<Version> tenants = new HashSet<>();
    Set<Version> others = new HashSet<>();
    system
        .query("SELECT rule_id, revision, after FROM rule_changes WHERE tenant_id = :tenant")
        .map((row, context) -> new Placed(row.getString(1), row.getLong(2), row.getBytes(3)))
        .forEach(placed -> sort(placed, tenant, written, tenants, others));
    Map<String, Set<Integer>> own = new TreeMap<>();
    for (Written version : written.values()) {
      boolean by = version.author().endsWith("@" + tenant);
      boolean operators =
          version.author().endsWith("@system") && tenants.contains(version.version());
      if ((by || operators) && !others.contains(version.version())) {
        own.computeIfAbsent(version.version().ruleId(), id -> new TreeSet<>())
            .add(version.version().number());
      }
    }
    return new OwnVersions(tenant, own);
  }

  private static void sort(
      Placed placed,
      String tenant,
      Map<Version, Written> written,
      Set<Version> tenants,
      Set<Version> others) {
    for (PlacedVersion place : SeenVersions.placement(placed.after()).getVersionsList()) {
      Version version = new Version(placed.ruleId(), place.getVersion());
      Written text = written.get(version);
      // A number that got another text since is not what it was; retiring shows nothing to anybody.
      if (text != null
          && placed.revision() >= text.revision()
          && place.getStage() != RuleStage.RULE_STAGE_RETIRED) {
        boolean alone = place.getTenantsList().stream().allMatch(tenant::equals);
        (alone && place.getTenantsCount() > 0 ? tenants : others).add(version);
      }
    }
  }

  /**
   * Takes their texts away, and what the tenant said of any rule.
   *
   * @return how many texts
   */
  int erase(TenantTransaction system, Instant now) {
    PreparedBatch texts =
        system
            .handle()
            .prepareBatch(
                """
                UPDATE rule_versions SET source = '', title = '', file = '', comment = '',
                  author = :nobody, erased_at = :now
                WHERE tenant_id = :tenant AND rule_id = :rule AND version = :version
                """);
    String nobody = "deleted@" + tenant;
    numbers.forEach(
        (rule, versions) ->
            versions.forEach(
                version ->
                    texts
                        .bind("tenant", system.tenant())
                        .bind("nobody", nobody)
                        .bind("now", Timestamp.from(now))
                        .bind("rule", rule)
                        .bind("version", version)
                        .add()));
    int erased = texts.size() == 0 ? 0 : texts.execute().length;
    system
        .update(
            """
            UPDATE rule_changes SET comment = '', author = :nobody
            WHERE tenant_id = :tenant AND right(author, length(:home)) = :home
            """)
        .bind("nobody", nobody)
        .bind("home", "@" + tenant)
        .execute();
    return erased;
  }
}
