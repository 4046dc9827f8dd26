package dev.tidewatch.remember;

import dev.tidewatch.events.AlertIds;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Whose state it is: a tenant's, for one version of a rule and one tuple of group-by values. Rules
 * without group-by have one group with no values.
 *
 * <p>There may be millions, and each goes over the network: the values are kept as the bytes that
 * travel, each behind its length.
 */
public final class GroupKey {
  private static final byte[] NO_VALUES = {};
  private final String tenantId;
  private final String ruleId;
  private final int ruleVersion;
  private final byte[] values;
  private final int hash;

  /**
   * @param values in the order of the rule's group-by
   */
  public GroupKey(String tenantId, String ruleId, int ruleVersion, String... values) {
    this(tenantId, ruleId, ruleVersion, encode(values));
  }

  private GroupKey(String tenantId, String ruleId, int ruleVersion, byte[] values) {
    this.tenantId = tenantId;
    this.ruleId = ruleId;
    this.ruleVersion = ruleVersion;
    this.values = values;
    // Stable between processes: Flink distributes keys by it. Never to be changed: state lies
    // where the hash says.
    int h = tenantId.hashCode() * 31 + ruleId.hashCode();
    this.hash = (h * 31 + ruleVersion) * 31 + Arrays.hashCode(values);
  }

  /** For each value three bytes of length, then UTF-8. */
  private static byte[] encode(String[] values) {
    if (values.length == 0) {
      return NO_VALUES;
    }
    byte[][] texts = new byte[values.length][];
    int length = 0;
    for (int i = 0; i < values.length; i++) {
      texts[i] = values[i].getBytes(StandardCharsets.UTF_8);
      length += 3 + texts[i].length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] text : texts) {
      all[at++] = (byte) (text.length >> 16);
      all[at++] = (byte) (text.length >> 8);
      all[at++] = (byte) text.length;
      System.arraycopy(text, 0, all, at, text.length);
      at += text.length;
    }
    return all;
  }

  private int lengthAt(int at) {
    return (values[at] & 0xff) << 16 | (values[at + 1] & 0xff) << 8 | values[at + 2] & 0xff;
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
    int size = 0;
    for (int at = 0; at < values.length; at += 3 + lengthAt(at)) {
      size++;
    }
    return size;
  }

  public String value(int index) {
    int at = 0;
    for (int i = 0; i < index; i++) {
      at += 3 + lengthAt(at);
    }
    return new String(values, at + 3, lengthAt(at), StandardCharsets.UTF_8);
  }

  /**
   * The values as one text, for the alert's id: each as its length in characters, a colon, and
   * itself, so that no two tuples give the same text.
   */
  public String text() {
    StringBuilder text = new StringBuilder();
    int size = size();
    for (int i = 0; i < size; i++) {
      String value = value(i);
      text.append(value.length()).append(':').append(value);
    }
    return text.toString();
  }

  /** Id of the alert of the episode that opened at {@code openMicros}. */
  public UUID alertId(long openMicros) {
    return AlertIds.derive(tenantId, ruleId, ruleVersion, text(), openMicros);
  }

  /** Equal keys write equal bytes. */
  public void write(DataOutput out) throws IOException {
    StateText.write(tenantId, out);
    StateText.write(ruleId, out);
    out.writeInt(ruleVersion);
    out.writeInt(values.length);
    out.write(values);
  }

  /**
   * @param share gives the one text that keys with this tenant or rule id are to have in common
   */
  public static GroupKey read(DataInput in, UnaryOperator<String> share) throws IOException {
    String tenantId = share.apply(StateText.read(in));
    String ruleId = share.apply(StateText.read(in));
    int version = in.readInt();
    byte[] values = new byte[in.readInt()];
    in.readFully(values);
    return new GroupKey(tenantId, ruleId, version, values);
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
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size(); i++) {
      text.append(i == 0 ? "" : ", ").append(value(i));
    }
    return tenantId + "/" + ruleId + "@" + ruleVersion + "[" + text + "]";
  }
}
