package dev.tidewatch.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewatch.events.v1.SourceHint;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event's payload, parsed, with its log source, time and fields under Sigma's names. The plain
 * way to read an event.
 *
 * <p>Not thread-safe: what is computed on first use is kept.
 */
public final class EventDocument {
  private static final EventReader READER = new EventReader();

  private final TelemetryEvent envelope;
  private final byte[] bytes;
  private final Recognition recognition;
  private final EventTime time;
  private @Nullable String raw;
  private @Nullable List<String> scalars;
  private @Nullable OcsfEvent ocsf;

  EventDocument(TelemetryEvent envelope, byte[] bytes, Recognition recognition, EventTime time) {
    this.envelope = envelope;
    this.bytes = bytes;
    this.recognition = recognition;
    this.time = time;
  }

  /**
   * Reads the payload of {@code event}; the envelope decides hints, and time by its time policy.
   *
   * @throws MalformedEventException when the payload is no single JSON object within {@link
   *     PayloadLimits#DEFAULT}
   */
  public static EventDocument parse(TelemetryEvent event) throws MalformedEventException {
    return READER.read(event);
  }

  /** Reads a bare payload (files, tests): no hints, no observed time. */
  public static EventDocument parse(byte[] payload) throws MalformedEventException {
    return READER.read(payload);
  }

  /** The primary log source; the one to show. To route rules use {@link #isCoveredBy}. */
  public LogSource logSource() {
    return recognition.sources().get(0);
  }

  /**
   * Every log source of the event, the primary one first: Sysmon 13 is a {@code registry_set} and a
   * {@code registry_event}.
   */
  public List<LogSource> logSources() {
    return recognition.sources();
  }

  /** Whether a rule with log source {@code rule} looks at this event (semantics row 17). */
  public boolean isCoveredBy(LogSource rule) {
    for (LogSource source : recognition.sources()) {
      if (rule.covers(source)) {
        return true;
      }
    }
    return false;
  }

  /** How the sender lays out its events, e.g. {@code evtx}, {@code cloudtrail}, {@code generic}. */
  public String shape() {
    return recognition.shape().name();
  }

  /**
   * Event time in microseconds since the Unix epoch; {@code Long.MIN_VALUE} when neither payload
   * nor envelope has one.
   */
  public long timeMicros() {
    return time.micros();
  }

  /** Whose clock {@link #timeMicros} is from. */
  public TimeQuality timeQuality() {
    return time.quality();
  }

  /**
   * The payload has a time that cannot be true (before 1980, or more than a day ahead), and the
   * envelope's was taken instead.
   */
  public boolean hasImplausibleTime() {
    return time.implausible();
  }

  /** The reporting host, or empty: the envelope's if it names one, else the payload's. */
  public String host() {
    return envelope.getHost().isEmpty()
        ? Shape.text(recognition.payload(), recognition.shape().hosts())
        : envelope.getHost();
  }

  /**
   * Values of a field under its Sigma name. Empty: the field is missing. A {@code NullNode} in the
   * list: present and null. Arrays come out as their elements (semantics rows 11, 12); an empty
   * array and an object come out as themselves: present, with no value that a text could equal.
   */
  public List<JsonNode> field(String sigmaName) {
    List<JsonNode> values = new ArrayList<>(1);
    return collect(FieldName.of(sigmaName), values) ? values : List.of();
  }

  PayloadView payload() {
    return recognition.payload();
  }

  Recognition recognition() {
    return recognition;
  }

  /** The payload as it came. Not to be changed. */
  public byte[] payloadBytes() {
    return bytes;
  }

  /** What the sender said about the log source; its own attributes win over recognised ones. */
  public SourceHint sourceHint() {
    return envelope.getSource();
  }

  /** The payload's own fields first, aliases only for what is missing. */
  boolean collect(FieldName name, List<JsonNode> into) {
    if (recognition.payload().collect(name, into)) {
      return true;
    }
    Expression alias = recognition.aliases().get(name.text());
    return alias != null && alias.collect(recognition.payload(), into);
  }

  /** Every string and number value at any depth, for keywords (row 8). */
  public List<String> scalars() {
    List<String> known = scalars;
    if (known == null) {
      List<String> found = new ArrayList<>();
      addScalars(recognition.payload().root(), found);
      known = List.copyOf(found);
      scalars = known;
    }
    return known;
  }

  private static void addScalars(JsonNode node, List<String> into) {
    if (node.isContainerNode()) {
      for (JsonNode child : node) {
        addScalars(child, into);
      }
    } else if (node.isTextual() || node.isNumber()) {
      into.add(node.asText());
    }
  }

  /** The payload as text (UTF-8, malformed sequences replaced). */
  public String raw() {
    String known = raw;
    if (known == null) {
      known = new String(bytes, StandardCharsets.UTF_8);
      raw = known;
    }
    return known;
  }

  /** The parsed payload. Not to be changed. */
  public JsonNode root() {
    return recognition.payload().root();
  }

  /** The same event in OCSF columns. Computed on first use. */
  public OcsfEvent ocsf() {
    OcsfEvent known = ocsf;
    if (known == null) {
      known = OcsfMapping.of(this, recognition);
      ocsf = known;
    }
    return known;
  }
}
