package dev.tidewatch.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidewatch.events.v1.RulePlacement;
import dev.tidewatch.events.v1.RuleRevision;
import dev.tidewatch.events.v1.RuleVersion;
import dev.tidewatch.events.v1.TenantValueList;
import org.jspecify.annotations.Nullable;

/**
 * A record of the topic {@code rules}.
 *
 * @param value null takes a version away
 */
public record RuleRecord(byte[] key, byte @Nullable [] value) {
  static final String VERSION = "v/";
  static final String PLACEMENT = "p/";
  static final String VALUE_LIST = "l/";
  static final String REVISION = "r";

  static RuleRecord of(RuleVersion version) {
    return new RuleRecord(
        versionKey(version.getRuleId(), version.getVersion()), version.toByteArray());
  }

  static RuleRecord of(RulePlacement placement) {
    return new RuleRecord(
        (PLACEMENT + placement.getRuleId()).getBytes(UTF_8), placement.toByteArray());
  }

  static RuleRecord of(TenantValueList list) {
    return new RuleRecord((VALUE_LIST + ValueLists.key(list)).getBytes(UTF_8), list.toByteArray());
  }

  static RuleRecord of(RuleRevision revision) {
    return new RuleRecord(REVISION.getBytes(UTF_8), revision.toByteArray());
  }

  static RuleRecord without(RuleVersion version) {
    return new RuleRecord(versionKey(version.getRuleId(), version.getVersion()), null);
  }

  private static byte[] versionKey(String ruleId, int version) {
    return (VERSION + ruleId + "@" + version).getBytes(UTF_8);
  }
}
