package dev.tidewatch.agent.collect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * An event's JSON while it is written. Absent values ({@code null}, empty text) are left out, so
 * that a rule about a missing field sees it missing. Lone surrogates are replaced: the text is not
 * ours.
 */
public final class Payload {
  private static final JsonFactory JSON = new JsonFactory();

  private final ByteString.Output bytes = ByteString.newOutput(512);
  private final JsonGenerator json;

  public Payload() {
    try {
      json = JSON.createGenerator(bytes);
      json.writeStartObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Payload put(String field, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      try {
        json.writeStringField(field, wellFormed(value));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return this;
  }

  public Payload put(String field, long value) {
    try {
      json.writeNumberField(field, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  public Payload put(String field, double value) {
    try {
      json.writeNumberField(field, Double.isFinite(value) ? value : 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  public Payload put(String field, Iterable<String> values) {
    try {
      json.writeArrayFieldStart(field);
      for (String value : values) {
        json.writeString(wellFormed(value));
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** The object, closed; nothing can be put afterwards. */
  public ByteString json() {
    try {
      json.writeEndObject();
      json.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteString();
  }

  /** With lone surrogates replaced. */
  public static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return text.codePoints()
            .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
      }
    }
    return text;
  }
}
