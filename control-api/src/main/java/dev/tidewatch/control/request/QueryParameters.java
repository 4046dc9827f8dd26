package dev.tidewatch.control.request;

import com.google.common.base.Splitter;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import com.linecorp.armeria.common.QueryParams;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message from query parameters, named as transcoding names them: {@code cursor}, {@code
 * filter.host}, {@code filter.from_ms} or {@code filter.fromMs}, {@code filter.levels} once per
 * level. What is unknown, of the wrong type or given twice is a finding, never ignored.
 */
public final class QueryParameters {
  private final FieldChecks checks = new FieldChecks();
  private final Message.Builder message;

  private QueryParameters(Message.Builder message) {
    this.message = message;
  }

  /**
   * Sets what {@code parameters} name.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT with everything that is wrong
   */
  public static void read(QueryParams parameters, Message.Builder into) {
    QueryParameters reader = new QueryParameters(into);
    for (Map.Entry<String, String> parameter : parameters) {
      reader.set(parameter.getKey(), parameter.getValue());
    }
    reader.checks.done();
  }

  private void set(String name, String value) {
    List<String> path = Splitter.on('.').splitToList(name);
    Message.Builder target = message;
    for (String step : path.subList(0, path.size() - 1)) {
      FieldDescriptor field = field(target, step);
      if (field == null || field.getJavaType() != JavaType.MESSAGE || field.isRepeated()) {
        unknown(name);
        return;
      }
      target = target.getFieldBuilder(field);
    }
    FieldDescriptor field = field(target, path.get(path.size() - 1));
    if (field == null || field.getJavaType() == JavaType.MESSAGE) {
      unknown(name);
    } else {
      set(target, field, name, value);
    }
  }

  private void set(Message.Builder target, FieldDescriptor field, String name, String value) {
    Object parsed = value(field, value);
    if (parsed == null) {
      checks.require(false, name, "is not " + kind(field));
    } else if (field.isRepeated()) {
      target.addRepeatedField(field, parsed);
    } else {
      boolean first = target.getField(field).equals(field.getDefaultValue());
      checks.require(first, name, "is given twice");
      target.setField(field, parsed);
    }
  }

  private static @Nullable FieldDescriptor field(Message.Builder target, String name) {
    return target.getDescriptorForType().getFields().stream()
        .filter(field -> field.getName().equals(name) || field.getJsonName().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Object value(FieldDescriptor field, String text) {
    try {
      return switch (field.getJavaType()) {
        case STRING -> text;
        case INT -> Integer.valueOf(text);
        case LONG -> Long.valueOf(text);
        case ENUM -> field.getEnumType().findValueByName(text);
        case BOOLEAN -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? false : null;
        default -> null;
      };
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }

  private static String kind(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT, LONG -> "a whole number";
      case BOOLEAN -> "true or false";
      case ENUM -> "the name of a " + field.getEnumType().getName();
      default -> "of a type that fits into a URL";
    };
  }

  private void unknown(String name) {
    checks.require(false, name, "is not a parameter of this call");
  }
}
