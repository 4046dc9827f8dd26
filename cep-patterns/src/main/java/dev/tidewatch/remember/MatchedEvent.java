package dev.tidewatch.remember;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.tidewatch.events.EventDocument;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An event that rules fired on, as stateful rules see it. Belongs to one thread; what is computed
 * on first use is kept.
 */
public final class MatchedEvent {
  /** Longer values stand in state and alerts as their beginning and a hash. */
  public static final int MAX_VALUE = 1_024;

  private static final int MAX_ENTITIES = 8;
  private static final int MAX_ENTITY = 256;

  private final String tenantId;
  private final EventDocument document;
  private final long timeMicros;
  private final long idHigh;
  private final long idLow;
  private String @Nullable [] entities;

  /**
   * @param timeMicros event time, microseconds since the Unix epoch
   * @param idHigh first half of the event's UUID
   * @param idLow second half of it
   */
  public MatchedEvent(
      String tenantId, EventDocument document, long timeMicros, long idHigh, long idLow) {
    this.tenantId = tenantId;
    this.document = document;
    this.timeMicros = timeMicros;
    this.idHigh = idHigh;
    this.idLow = idLow;
  }

  public String tenantId() {
    return tenantId;
  }

  public long timeMicros() {
    return timeMicros;
  }

  Match match(Member member) {
    @Nullable String[] fields = new @Nullable String[member.fields().size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = text(member.fields().get(i));
    }
    return new Match(timeMicros, idHigh, idLow, member.index(), fields, entities());
  }

  /** The first value's text; null when the field is missing or null. */
  @Nullable String text(String field) {
    for (JsonNode node : document.field(field)) {
      if (node instanceof NullNode) {
        continue;
      }
      return bounded(node.isValueNode() ? node.asText() : node.toString());
    }
    return null;
  }

  private String[] entities() {
    String[] known = entities;
    if (known == null) {
      known = EventEntities.of(document, MAX_ENTITIES, MAX_ENTITY);
      entities = known;
    }
    return known;
  }

  /** Different values stay different. */
  private static String bounded(String value) {
    if (value.length() <= MAX_VALUE) {
      return value;
    }
    return ValueText.cut(value, MAX_VALUE - 33) + hash(value);
  }

  private static String hash(String value) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
