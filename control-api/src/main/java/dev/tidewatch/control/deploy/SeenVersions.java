package dev.tidewatch.control.deploy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.rule.Sight;
import dev.tidewatch.control.v1.RuleEvent;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RulePlacement;
import dev.tidewatch.events.v1.RuleStage;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a rule whose text a tenant may see: those that were written in it, and those that
 * were once placed for it or for all tenants. What is placed now does not say: a version that ran
 * for another tenant alone, and is placed nowhere any more, is still that tenant's.
 *
 * @param numbers null: all, as operators see them
 */
record SeenVersions(@Nullable Set<Integer> numbers) implements IntPredicate {
  static final SeenVersions ALL = new SeenVersions(null);

  private record Written(int version, String author, long revision) {}

  private record Placed(long revision, byte[] after) {}

  /**
   * @param system where the rules are
   */
  static SeenVersions of(TenantTransaction system, String ruleId, Sight sight) {
    if (sight.operator()) {
      return ALL;
    }
    Set<Integer> seen = new TreeSet<>();
    Map<Integer, Long> since = new HashMap<>();
    system
        .query(
            """
            SELECT version, author, revision FROM rule_versions
            WHERE tenant_id = :tenant AND rule_id = :rule
            """)
        .bind("rule", ruleId)
        .map((row, context) -> new Written(row.getInt(1), row.getString(2), row.getLong(3)))
        .forEach(
            written -> {
              since.put(written.version(), written.revision());
              if (sight.wrote(written.author())) {
                seen.add(written.version());
              }
            });
    system
        .query(
            """
            SELECT revision, after FROM rule_changes WHERE tenant_id = :tenant AND rule_id = :rule
            """)
        .bind("rule", ruleId)
        .map((row, context) -> new Placed(row.getLong(1), row.getBytes(2)))
        .forEach(placed -> add(placed, sight, since, seen));
    return new SeenVersions(seen);
  }

  /** A number that got another text since is not what it was. Retiring shows nothing to anybody. */
  private static void add(Placed placed, Sight sight, Map<Integer, Long> since, Set<Integer> seen) {
    for (PlacedVersion version : sight.placed(placement(placed.after()).getVersionsList())) {
      if (version.getStage() != RuleStage.RULE_STAGE_RETIRED
          && placed.revision() >= since.getOrDefault(version.getVersion(), Long.MAX_VALUE)) {
        seen.add(version.getVersion());
      }
    }
  }

  static RulePlacement placement(byte[] bytes) {
    try {
      return RulePlacement.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a placement of rule_changes cannot be read", e);
    }
  }

  @Override
  public boolean test(int version) {
    return numbers == null || numbers.contains(version);
  }

  /** Whether something is told of a version that is seen. */
  boolean shows(RuleEvent event) {
    return event.getVersion() == 0
        ? numbers == null || event.getBeforeCount() + event.getAfterCount() > 0
        : test(event.getVersion());
  }

  /** Rows to read so that {@code most} of them can be seen. */
  int rows(int most) {
    return numbers == null ? most : Integer.MAX_VALUE;
  }

  /** The newest of {@code versions} that is seen. */
  Optional<Integer> newest(Collection<Integer> versions) {
    return versions.stream().filter(this::test).max(Integer::compare);
  }
}
