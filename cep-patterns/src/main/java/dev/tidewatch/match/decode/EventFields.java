package dev.tidewatch.match.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.ByteString;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.events.v1.SourceHint;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One event after another, read from bytes, field by field. Values are numbered slots: {@link
 * #first} and {@link #next} walk a field's values as {@link EventDocument#field} lists them. Text
 * is bytes of {@link #buffer}; see {@link Text} for their encoding. Up to 7 bytes behind a text may
 * be read.
 *
 * <p>Belongs to one thread. After an {@link Unusual} only {@link #document} may be asked.
 *
 * @param <T> what events are routed to
 */
public final class EventFields<T> {
  private static final int MAX_KEYS = 50_000;
  private static final int MAX_HINTS = 256;
  private static final int DOUBT = -2;

  private final FieldCatalog catalog;
  private final Routes<T> routes;

  /** Made once: this is asked for every event. */
  private final Supplier<EventDocument> documents;

  private final long seed = new SplittableRandom().nextLong();
  private final Map<SourceHint, Recognizer<T>> recognizers = new HashMap<>();
  private final int[] resolvedFor;
  private final int[] resolved;
  private PayloadDecoder decoder;
  private Slots slots;
  private @Nullable SourceHint hint;
  private @Nullable Recognizer<T> recognizer;
  private @Nullable Layout layout;
  private byte[] payload = {};
  private int offset;
  private int length;
  private @Nullable EventDocument document;

  // Where the text asked for last is.
  private int textAt;
  private int textLength;

  // The raw line folded, and folded with escapes resolved.
  private int rawEvent;
  private int rawAt;
  private int rawLength;
  private int looseEvent;
  private int looseAt;
  private int looseLength;

  public EventFields(FieldCatalog catalog, Routes<T> routes) {
    this.documents = this::document;
    this.catalog = catalog;
    this.routes = routes;
    this.resolvedFor = new int[catalog.size()];
    this.resolved = new int[catalog.size()];
    this.decoder = new PayloadDecoder(new KeyTree(catalog, MAX_KEYS), seed);
    this.slots = decoder.slots;
  }

  /**
   * Reads an event and says where it goes.
   *
   * @throws Unusual if the reference has to read it
   */
  public T read(byte[] bytes, int from, int size, SourceHint said) {
    payload = bytes;
    offset = from;
    length = size;
    document = null;
    layout = null;
    if (decoder.tree.isFull() || decoder.event == Integer.MAX_VALUE) {
      startOver();
    }
    Recognizer<T> current = recognizer;
    if (current == null || !said.equals(hint)) {
      current = recognizerOf(said);
    }
    decoder.read(bytes, from, size);
    Recognizer.Found<T> found = current.find(documents);
    found.layout().refresh();
    layout = found.layout();
    return found.route();
  }

  private void startOver() {
    decoder = new PayloadDecoder(new KeyTree(catalog, MAX_KEYS), seed);
    slots = decoder.slots;
    recognizers.clear();
    recognizer = null;
    Arrays.fill(resolvedFor, 0);
    rawEvent = 0;
    looseEvent = 0;
  }

  private Recognizer<T> recognizerOf(SourceHint said) {
    if (recognizers.size() >= MAX_HINTS) {
      recognizers.clear();
    }
    Recognizer<T> known =
        recognizers.computeIfAbsent(said, h -> new Recognizer<>(catalog, decoder, routes, seed));
    hint = said;
    recognizer = known;
    return known;
  }

  /**
   * The event as the reference reads it. Costs a parse when first asked.
   *
   * @throws Unusual if it cannot be read at all
   */
  public EventDocument document() {
    EventDocument known = document;
    if (known == null) {
      try {
        known = parse();
      } catch (MalformedEventException e) {
        throw Unusual.MALFORMED;
      }
      document = known;
    }
    return known;
  }

  /** The same, and the reason if it cannot be read. */
  public EventDocument parse() throws MalformedEventException {
    TelemetryEvent.Builder event =
        TelemetryEvent.newBuilder().setPayload(ByteString.copyFrom(payload, offset, length));
    SourceHint said = hint;
    if (said != null) {
      event.setSource(said);
    }
    return EventDocument.parse(event.build());
  }

  /** Number of the event, never the same for two in a row. */
  public int event() {
    return decoder.event;
  }

  /** The field's first value, or -1 when it is missing. */
  public int first(int field) {
    if (resolvedFor[field] != decoder.event) {
      resolvedFor[field] = decoder.event;
      resolved[field] = resolve(field);
    }
    return resolved[field];
  }

  /** The next value of the same field, or -1. */
  public int next(int slot) {
    return slots.next[slot];
  }

  private int resolve(int field) {
    Layout where = layout;
    if (where == null) {
      throw new IllegalStateException("no event");
    }
    int found = own(where, field);
    AliasPlan alias = where.alias(field);
    if (found == -1 && alias != null) {
      found = alias(where, alias);
    }
    return found == DOUBT ? fromDocument(field) : found;
  }

  /** By its own name; {@link #DOUBT} if only the document can tell. */
  private int own(Layout where, int field) {
    KeyNode[] exact = where.exact(field);
    for (int i = 0; i < exact.length; i++) {
      KeyNode node = exact[i];
      if (node.event == decoder.event) {
        return decoder.hasArrayOfObjects && anyPresent(exact, i + 1) ? DOUBT : node.first;
      }
    }
    return anyPresent(where.doubtful(field), 0) ? DOUBT : -1;
  }

  private boolean anyPresent(KeyNode[] nodes, int from) {
    for (int i = from; i < nodes.length; i++) {
      if (nodes[i].event == decoder.event) {
        return true;
      }
    }
    return false;
  }

  private int alias(Layout where, AliasPlan plan) {
    List<AliasPlan.Alternative> alternatives = plan.alternatives();
    for (int i = 0; i < alternatives.size(); i++) {
      int found = alternative(where, alternatives.get(i));
      if (found != -1) {
        return found;
      }
    }
    return -1;
  }

  private int alternative(Layout where, AliasPlan.Alternative alternative) {
    if (alternative instanceof AliasPlan.Plain plain) {
      return own(where, plain.field());
    }
    if (alternative instanceof AliasPlan.Template template) {
      return template(where, template);
    }
    if (alternative instanceof AliasPlan.Mapped mapped) {
      return mapped(where, mapped);
    }
    int[] operands = ((AliasPlan.Other) alternative).operands();
    for (int operand : operands) {
      if (own(where, operand) != -1) {
        return DOUBT;
      }
    }
    return operands.length == 0 ? DOUBT : -1;
  }

  private int template(Layout where, AliasPlan.Template template) {
    int size = template.texts().get(0).length;
    for (int i = 0; i < template.fields().length; i++) {
      int slot = own(where, template.fields()[i]);
      if (slot == DOUBT) {
        return DOUBT;
      }
      boolean hasText = slot >= 0 && plain(slot);
      if (!hasText || textLength == 0 || textLength == 1 && decoder.buffer[textAt] == '-') {
        return -1;
      }
      size += textLength + template.texts().get(i + 1).length;
    }
    return compose(where, template, size);
  }

  private int compose(Layout where, AliasPlan.Template template, int size) {
    decoder.reserve(size);
    int start = decoder.scratch;
    int end = start;
    boolean ascii = true;
    for (int i = 0; i <= template.fields().length; i++) {
      byte[] text = template.texts().get(i);
      System.arraycopy(text, 0, decoder.buffer, end, text.length);
      end += text.length;
      if (i < template.fields().length) {
        int slot = own(where, template.fields()[i]);
        plain(slot);
        ascii &= (slots.flags[slot] & Slots.NON_ASCII) == 0;
        System.arraycopy(decoder.buffer, textAt, decoder.buffer, end, textLength);
        end += textLength;
      }
    }
    decoder.scratch = end + 8;
    return ready(start, end - start, Slots.STRING, ascii);
  }

  private int mapped(Layout where, AliasPlan.Mapped mapped) {
    int slot = own(where, mapped.field());
    if (slot < 0) {
      return slot;
    }
    if (!folded(slot)) {
      return DOUBT;
    }
    if ((slots.flags[slot] & Slots.NON_ASCII) != 0) {
      return DOUBT;
    }
    for (int i = 0; i < mapped.from().size(); i++) {
      byte[] from = mapped.from().get(i);
      if (from.length == textLength && Words.same(decoder.buffer, textAt, from)) {
        return constant(mapped.to().get(i));
      }
    }
    return -1;
  }

  private int constant(byte[] text) {
    decoder.reserve(text.length);
    int at = decoder.scratch;
    System.arraycopy(text, 0, decoder.buffer, at, text.length);
    decoder.scratch = at + text.length + 8;
    return ready(at, text.length, Slots.STRING, Text.isAscii(text, 0, text.length));
  }

  /** A slot whose text is in the scratch already. */
  private int ready(int at, int size, int kind, boolean ascii) {
    int slot = slots.add(at, size, kind | (ascii ? 0 : Slots.NON_ASCII));
    slots.plainAt[slot] = at;
    slots.plainLength[slot] = size;
    return slot;
  }

  private int fromDocument(int field) {
    int head = -1;
    int tail = -1;
    for (JsonNode value : document().field(catalog.name(field))) {
      int slot = fromDocument(value);
      if (head < 0) {
        head = slot;
      } else {
        slots.next[tail] = slot;
      }
      tail = slot;
    }
    return head;
  }

  private int fromDocument(JsonNode value) {
    if (value.isNull()) {
      return slots.add(decoder.length, 0, Slots.NULL);
    }
    if (!value.isValueNode()) {
      return slots.add(decoder.length, 0, Slots.CONTAINER);
    }
    int kind = value.isNumber() ? Slots.NUMBER : value.isBoolean() ? Slots.BOOLEAN : Slots.STRING;
    int decimal = value.isBigDecimal() ? Slots.DECIMAL : 0;
    int slot = constant(Text.encode(value.asText()));
    slots.flags[slot] |= (byte) (kind | decimal);
    return slot;
  }

  /** Where the value stands in {@link #buffer}, as the payload spells it. */
  public int rawAt(int slot) {
    return slots.at[slot];
  }

  public int rawLength(int slot) {
    return slots.length[slot];
  }

  /** With the value's bytes this says all there is to know of it. */
  public int rawKind(int slot) {
    return slots.flags[slot] & (Slots.KIND | Slots.ESCAPED | Slots.REWRITTEN | Slots.DECIMAL);
  }

  /** {@code Slots.STRING} and so on. */
  int kind(int slot) {
    return slots.flags[slot] & Slots.KIND;
  }

  public boolean isNull(int slot) {
    return kind(slot) == Slots.NULL;
  }

  /** A JSON number, whatever its form. */
  public boolean isNumber(int slot) {
    return kind(slot) == Slots.NUMBER;
  }

  /** A JSON number with a fraction or an exponent. */
  public boolean isDecimal(int slot) {
    return (slots.flags[slot] & Slots.DECIMAL) != 0;
  }

  public boolean isString(int slot) {
    return kind(slot) == Slots.STRING;
  }

  /** Whether the text has ASCII only; right once {@link #plain} or {@link #folded} was asked. */
  public boolean isAscii(int slot) {
    return (slots.flags[slot] & Slots.NON_ASCII) == 0;
  }

  public byte[] buffer() {
    return decoder.buffer;
  }

  /** Where the text is that {@link #plain}, {@link #folded} or a raw one was asked for last. */
  public int textAt() {
    return textAt;
  }

  public int textLength() {
    return textLength;
  }

  /** Makes the value's text the current one; false if it has none (null, an object). */
  public boolean plain(int slot) {
    int at = slots.plainAt[slot];
    if (at < 0) {
      int kind = kind(slot);
      if (kind >= Slots.NULL) {
        return false;
      }
      makePlain(slot, kind);
      at = slots.plainAt[slot];
    }
    textAt = at;
    textLength = slots.plainLength[slot];
    return true;
  }

  private void makePlain(int slot, int kind) {
    int flags = slots.flags[slot];
    int at = slots.at[slot];
    int size = slots.length[slot];
    if ((flags & Slots.NON_ASCII) != 0) {
      Text.check(decoder.buffer, at, size);
    }
    if ((flags & Slots.REWRITTEN) != 0) {
      byte[] text = rewritten(at, size).getBytes(StandardCharsets.US_ASCII);
      decoder.reserve(text.length);
      System.arraycopy(text, 0, decoder.buffer, decoder.scratch, text.length);
      keepPlain(slot, text.length);
    } else if (kind == Slots.STRING && (flags & Slots.ESCAPED) != 0) {
      decoder.reserve(size);
      int end = Text.unescape(decoder.buffer, at, size, decoder.scratch);
      keepPlain(slot, end - decoder.scratch);
    } else {
      slots.plainAt[slot] = at;
      slots.plainLength[slot] = size;
    }
  }

  private void keepPlain(int slot, int size) {
    int at = decoder.scratch;
    slots.plainAt[slot] = at;
    slots.plainLength[slot] = size;
    if (decoder.hasUnicodeEscapes && !Text.isAscii(decoder.buffer, at, size)) {
      slots.flags[slot] |= Slots.NON_ASCII;
    }
    decoder.scratch = at + size + 8;
  }

  private String rewritten(int at, int size) {
    String digits = new String(decoder.buffer, at, size, StandardCharsets.US_ASCII);
    boolean decimal = digits.chars().anyMatch(c -> c == '.' || c == 'e' || c == 'E');
    return decimal ? new BigDecimal(digits).toString() : new BigInteger(digits).toString();
  }

  /** Makes the value's text under case folding the current one; false if it has none. */
  public boolean folded(int slot) {
    int at = slots.foldedAt[slot];
    if (at < 0) {
      if (!makeFolded(slot)) {
        return false;
      }
      at = slots.foldedAt[slot];
    }
    textAt = at;
    textLength = slots.foldedLength[slot];
    return true;
  }

  private boolean makeFolded(int slot) {
    int flags = slots.flags[slot];
    int kind = flags & Slots.KIND;
    if (kind >= Slots.NULL) {
      return false;
    }
    boolean simple = (flags & (Slots.NON_ASCII | Slots.REWRITTEN)) == 0;
    if (kind == Slots.STRING && simple && slots.plainAt[slot] < 0) {
      if ((flags & Slots.ESCAPED) == 0) {
        lower(slot, slots.at[slot], slots.length[slot]);
        return true;
      }
      if (!decoder.hasUnicodeEscapes) {
        unescapeLower(slot);
        return true;
      }
    }
    plain(slot);
    if ((slots.flags[slot] & Slots.NON_ASCII) == 0) {
      lower(slot, textAt, textLength);
    } else {
      decoder.reserve(textLength * 3);
      int end = Text.fold(decoder.buffer, textAt, textLength, decoder.scratch);
      keepFolded(slot, end - decoder.scratch);
    }
    return true;
  }

  private void lower(int slot, int at, int size) {
    decoder.reserve(size);
    Text.lower(decoder.buffer, at, size, decoder.scratch);
    keepFolded(slot, size);
  }

  private void unescapeLower(int slot) {
    int size = slots.length[slot];
    decoder.reserve(size);
    int end = Text.unescapeLower(decoder.buffer, slots.at[slot], size, decoder.scratch);
    keepFolded(slot, end - decoder.scratch);
  }

  private void keepFolded(int slot, int size) {
    slots.foldedAt[slot] = decoder.scratch;
    slots.foldedLength[slot] = size;
    decoder.scratch += size + 8;
  }

  /** The value's text as a String; null if it has none. */
  public @Nullable String string(int slot) {
    return plain(slot) ? Text.decode(decoder.buffer, textAt, textLength) : null;
  }

  /** The value as the reference has it; an object comes without members. */
  public JsonNode node(int slot) {
    String text = string(slot);
    return switch (kind(slot)) {
      case Slots.STRING -> TextNode.valueOf(text);
      case Slots.NUMBER -> number(slot, String.valueOf(text));
      case Slots.BOOLEAN -> BooleanNode.valueOf("true".equals(text));
      case Slots.NULL -> NullNode.instance;
      default -> JsonNodeFactory.instance.objectNode();
    };
  }

  private JsonNode number(int slot, String text) {
    if (isDecimal(slot)) {
      return DecimalNode.valueOf(new BigDecimal(text));
    }
    return text.length() < 19
        ? LongNode.valueOf(Long.parseLong(text))
        : BigIntegerNode.valueOf(new BigInteger(text));
  }

  /** Any string of the payload has a backslash. */
  public boolean hasEscapes() {
    return decoder.hasEscapes;
  }

  public boolean hasUnicodeEscapes() {
    return decoder.hasUnicodeEscapes;
  }

  /** Some number's text is not what stands in the payload. */
  public boolean hasRewrittenNumbers() {
    return decoder.hasRewrittenNumbers;
  }

  /** Whether the payload as it stands has ASCII only. */
  public boolean isAsciiPayload() {
    return !decoder.nonAscii;
  }

  /**
   * Whether characters beyond ASCII stay beyond it when folded: then ASCII text can be looked for
   * in the payload as it stands.
   */
  public boolean staysApartFromAscii() {
    return !decoder.foldsToAscii;
  }

  /** Bytes of the payload; it starts at 0 of {@link #buffer}. */
  public int payloadLength() {
    return decoder.length;
  }

  /** From the next event on strings of so many bytes, and keys, are told by {@link #strings}. */
  public void noteStrings(int shortest) {
    decoder.shortestKeyword = shortest;
  }

  /** Of this event: only strings of so many bytes or more are among {@link #strings}. */
  public int shortestString() {
    return decoder.hasSuspiciousKey ? Integer.MAX_VALUE : decoder.shortestKeyword;
  }

  /** How many strings, skipped ones and their keys included; other keys have no keyword. */
  public int strings() {
    return decoder.strings;
  }

  /** Where in {@link #buffer} a string stands, as it is in the payload. */
  public int stringAt(int index) {
    return decoder.stringAt[index];
  }

  public int stringLength(int index) {
    return decoder.stringLength[index];
  }

  /** Makes the raw line under case folding the current text. */
  public void foldedRaw() {
    if (rawEvent != decoder.event) {
      rawEvent = decoder.event;
      foldRaw(0, decoder.length);
      rawAt = textAt;
      rawLength = textLength;
    }
    textAt = rawAt;
    textLength = rawLength;
  }

  private void foldRaw(int at, int size) {
    byte[] before = decoder.buffer;
    boolean ascii = at == 0 ? !decoder.nonAscii : Text.isAscii(before, at, size);
    decoder.reserve(ascii ? size : 3 * size);
    int start = decoder.scratch;
    int end = start + size;
    if (ascii) {
      Text.lower(decoder.buffer, at, size, start);
    } else {
      if (at == 0) {
        Text.check(decoder.buffer, at, size);
      }
      end = Text.fold(decoder.buffer, at, size, start);
    }
    decoder.scratch = end + 8;
    textAt = start;
    textLength = end - start;
  }

  /**
   * Makes the payload, escapes resolved and folded, the current text. Every string value of the
   * event is somewhere in it; but what it holds need not be in a value.
   */
  public void foldedLoose() {
    if (looseEvent != decoder.event) {
      looseEvent = decoder.event;
      if (decoder.nonAscii) {
        Text.check(decoder.buffer, 0, decoder.length);
      }
      decoder.reserve(decoder.length);
      int at = decoder.scratch;
      int end = Text.unescape(decoder.buffer, 0, decoder.length, at);
      decoder.scratch = end + 8;
      foldRaw(at, end - at);
      looseAt = textAt;
      looseLength = textLength;
    }
    textAt = looseAt;
    textLength = looseLength;
  }
}
