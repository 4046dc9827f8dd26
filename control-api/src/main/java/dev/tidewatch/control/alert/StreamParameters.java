package dev.tidewatch.control.alert;

import com.google.common.base.Splitter;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.linecorp.armeria.common.QueryParams;
import dev.tidewatch.control.request.FieldChecks;
import dev.tidewatch.control.v1.StreamAlertsRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stream's request from query parameters, named as transcoding names them: {@code cursor},
 * {@code filter.host}, {@code filter.from_ms} or {@code filter.fromMs}, {@code filter.levels} once
 * per level. Unknown parameters are refused.
 */
final class StreamParameters {
  private final FieldChecks checks = new FieldChecks();
  private final StreamAlertsRequest.Builder request = StreamAlertsRequest.newBuilder();

  private StreamParameters() {}

  /**
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT with everything that is wrong
   */
  static StreamAlertsRequest parse(String tenantId, QueryParams parameters) {
    StreamParameters parser = new StreamParameters();
    for (Map.Entry<String, String> parameter : parameters) {
      parser.set(parameter.getKey(), parameter.getValue());
    }
    parser.checks.done();
    return parser.request.setTenantId(tenantId).build();
  }

  private void set(String name, String value) {
    List<String> path = Splitter.on('.').splitToList(name);
    Message.Builder target = request;
    for (String step : path.subList(0, path.size() - 1)) {
      FieldDescriptor field = field(target, step);
      if (field == null || field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        unknown(name);
        return;
      }
      target = target.getFieldBuilder(field);
    }
    FieldDescriptor field = field(target, path.get(path.size() - 1));
    if (field == null || field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
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
    return switch (field.getJavaType()) {
      case STRING -> text;
      case LONG -> number(text);
      case ENUM -> enumValue(field, text);
      default -> null;
    };
  }

  private static @Nullable Long number(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable EnumValueDescriptor enumValue(FieldDescriptor field, String text) {
    Long number = number(text);
    return number == null
        ? field.getEnumType().findValueByName(text)
        : field.getEnumType().findValueByNumber(Math.toIntExact(Math.min(number, 1_000)));
  }

  private static String kind(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case LONG -> "a whole number";
      case ENUM -> "a " + field.getEnumType().getName();
      default -> "of this type";
    };
  }

  private void unknown(String name) {
    checks.require(false, name, "is not a parameter of this stream");
  }
}
