package dev.tidewatch.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Payload bytes to a JSON object, within limits.
 *
 * <p>Invalid UTF-8 is tolerated: file names and command lines are arbitrary bytes on Linux, and an
 * event must not vanish because of one. Malformed sequences become U+FFFD for matching; the payload
 * keeps its bytes. Of duplicate keys the last one counts. Fractions keep their digits (BigDecimal),
 * so that {@code 1588205199.824370} is matched as it was written.
 */
final class PayloadReader {
  private static final int MAX_NUMBER_DIGITS = 1_000;
  private static final int EXCERPT = 200;

  private final PayloadLimits limits;
  private final ObjectReader json;

  PayloadReader(PayloadLimits limits) {
    this.limits = limits;
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(limits.maxDepth())
                    .maxStringLength(limits.maxPayloadBytes())
                    .maxNameLength(limits.maxPayloadBytes())
                    .maxTokenCount(limits.maxTokens())
                    .maxNumberLength(MAX_NUMBER_DIGITS)
                    .build())
            // Keys are the sender's: never keep them beyond the event, never fail on colliding
            // ones.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();
    this.json =
        JsonMapper.builder(factory)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .readerFor(JsonNode.class);
  }

  ObjectNode read(byte[] payload) throws MalformedEventException {
    if (payload.length > limits.maxPayloadBytes()) {
      throw TelemetryCodec.tooLarge(payload.length, limits);
    }
    if (isWide(payload)) {
      throw Malformation.PAYLOAD_NOT_UTF_8.because("the payload is UTF-16 or UTF-32, not UTF-8");
    }
    JsonNode node = parse(payload);
    if (node instanceof ObjectNode object) {
      return object;
    }
    if (node.isMissingNode()) {
      throw Malformation.PAYLOAD_EMPTY.because("the payload is blank");
    }
    throw Malformation.PAYLOAD_NOT_AN_OBJECT.because(
        "the payload is a JSON " + node.getNodeType() + ", not an object");
  }

  private JsonNode parse(byte[] payload) throws MalformedEventException {
    try {
      return json.readTree(payload);
    } catch (IOException e) {
      if (isUtf8(payload)) {
        throw malformed(e, payload);
      }
      return parseRepaired(new String(payload, StandardCharsets.UTF_8), payload);
    } catch (NumberFormatException e) {
      // Numbers are made while the tree is: an exponent of twenty digits comes out unwrapped.
      throw Malformation.PAYLOAD_TOO_COMPLEX.because("a number is beyond what can be read");
    }
  }

  private JsonNode parseRepaired(String payload, byte[] bytes) throws MalformedEventException {
    try {
      return json.readTree(payload);
    } catch (IOException e) {
      throw malformed(e, bytes);
    } catch (NumberFormatException e) {
      throw Malformation.PAYLOAD_TOO_COMPLEX.because("a number is beyond what can be read");
    }
  }

  private MalformedEventException malformed(IOException e, byte[] payload) {
    if (e instanceof StreamConstraintsException) {
      return beyondLimits(e);
    }
    if (e instanceof JsonProcessingException json) {
      String message = excerpt(json.getOriginalMessage());
      long at = json.getLocation() == null ? -1 : json.getLocation().getByteOffset();
      if (message.startsWith("Trailing token")) {
        return Malformation.PAYLOAD_TRAILING_DATA.because(
            "the payload holds more than one JSON value" + where(at));
      }
      return Malformation.PAYLOAD_NOT_JSON.because(
          "the payload is no JSON" + where(at) + " of " + payload.length + ": " + message);
    }
    return Malformation.PAYLOAD_NOT_JSON.because("the payload is no JSON: " + e.getMessage());
  }

  private MalformedEventException beyondLimits(IOException e) {
    String message = excerpt(String.valueOf(e.getMessage()));
    return message.contains("nesting depth")
        ? Malformation.PAYLOAD_TOO_DEEP.because(
            "the payload nests deeper than " + limits.maxDepth() + " levels")
        : Malformation.PAYLOAD_TOO_COMPLEX.because("the payload is beyond a limit: " + message);
  }

  private static String where(long at) {
    return at < 0 ? "" : " at byte " + at;
  }

  private static String excerpt(String message) {
    String line = message.lines().findFirst().orElse("");
    return line.length() > EXCERPT ? line.substring(0, EXCERPT) : line;
  }

  /** JSON starts with ASCII: a zero among the first two bytes is a wider encoding. */
  private static boolean isWide(byte[] payload) {
    return payload.length >= 2
        && (payload[0] == 0
            || payload[1] == 0
            || (payload[0] == (byte) 0xFE && payload[1] == (byte) 0xFF)
            || (payload[0] == (byte) 0xFF && payload[1] == (byte) 0xFE));
  }

  private static boolean isUtf8(byte[] payload) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
