package dev.tidewatch.remember;

import dev.tidewatch.events.AlertIds;
import java.util.Arrays;
import java.util.UUID;

/**
 * Whose state it is: a tenant's, for one version of a rule and one tuple of group-by values. Rules
 * without group-by have one group with no values.
 */
public final class GroupKey {
  private final String tenantId;
  private final String ruleId;
  private final int ruleVersion;
  private final String[] values;
  private final int hash;

  /**
   * @param values in the order of the rule's group-by; not copied, not to be changed
   */
  public GroupKey(String tenantId, String ruleId, int ruleVersion, String... values) {
    this.tenantId = tenantId;
    this.ruleId = ruleId;
    this.ruleVersion = ruleVersion;
    this.values = values;
    // Stable between processes: Flink distributes keys by it.
    int h = tenantId.hashCode() * 31 + ruleId.hashCode();
    this.hash = (h * 31 + ruleVersion) * 31 + Arrays.hashCode(values);
  }

  public String tenantId() {
    return tenantId;
  }

  public String ruleId() {
    return ruleId;
  }

  public int ruleVersion() {
    return ruleVersion;
  }

  public int size() {
    return values.length;
  }

  public String value(int index) {
    return values[index];
  }

  /**
   * The values as one text, for the alert's id: each as its length in characters, a colon, and
   * itself, so that no two tuples give the same text.
   */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (String value : values) {
      text.append(value.length()).append(':').append(value);
    }
    return text.toString();
  }

  /** Id of the alert of the episode that opened at {@code openMicros}. */
  public UUID alertId(long openMicros) {
    return AlertIds.derive(tenantId, ruleId, ruleVersion, text(), openMicros);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GroupKey that
        && hash == that.hash
        && ruleVersion == that.ruleVersion
        && ruleId.equals(that.ruleId)
        && tenantId.equals(that.tenantId)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return tenantId + "/" + ruleId + "@" + ruleVersion + Arrays.toString(values);
  }
}
