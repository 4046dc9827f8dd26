package dev.tidewatch.control.openapi;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;

/** Messages as JSON schemas, as proto3 JSON writes them: int64 is text, bytes are Base64. */
final class Schemas {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode schemas;

  Schemas(ObjectNode schemas) {
    this.schemas = schemas;
  }

  /** A reference to the message's schema, which is added where it is missing. */
  ObjectNode message(Descriptor type) {
    if (type.getFullName().equals(FieldMask.getDescriptor().getFullName())) {
      return JSON.createObjectNode().put("type", "string").put("example", "displayName,roles");
    }
    String name = name(type);
    if (!schemas.has(name)) {
      ObjectNode schema = schemas.putObject(name).put("type", "object");
      ObjectNode properties = schema.putObject("properties");
      for (FieldDescriptor field : type.getFields()) {
        properties.set(field.getJsonName(), field(field));
      }
    }
    return reference(name);
  }

  private static String name(Descriptor type) {
    Descriptor parent = type.getContainingType();
    return parent == null ? type.getName() : name(parent) + type.getName();
  }

  static ObjectNode reference(String name) {
    return JSON.createObjectNode().put("$ref", "#/components/schemas/" + name);
  }

  ObjectNode field(FieldDescriptor field) {
    if (field.isMapField()) {
      ObjectNode map = JSON.createObjectNode().put("type", "object");
      map.set("additionalProperties", single(field.getMessageType().findFieldByNumber(2)));
      return map;
    }
    if (field.isRepeated()) {
      ObjectNode array = JSON.createObjectNode().put("type", "array");
      array.set("items", single(field));
      return array;
    }
    return single(field);
  }

  private ObjectNode single(FieldDescriptor field) {
    ObjectNode schema = JSON.createObjectNode();
    return switch (field.getJavaType()) {
      case MESSAGE -> message(field.getMessageType());
      case ENUM -> {
        schema.put("type", "string");
        var values = schema.putArray("enum");
        field.getEnumType().getValues().stream()
            .map(EnumValueDescriptor::getName)
            .forEach(values::add);
        yield schema;
      }
      case INT -> schema.put("type", "integer").put("format", "int32");
      case LONG -> schema.put("type", "string").put("format", "int64");
      case FLOAT, DOUBLE -> schema.put("type", "number");
      case BOOLEAN -> schema.put("type", "boolean");
      case BYTE_STRING -> schema.put("type", "string").put("format", "byte");
      case STRING -> schema.put("type", "string");
    };
  }

  /** What every failure looks like; see {@code JsonFailure}. */
  void failure() {
    ObjectNode properties =
        schemas.putObject("Failure").put("type", "object").putObject("properties");
    properties.putObject("code").put("type", "integer");
    properties.putObject("status").put("type", "string");
    properties.putObject("message").put("type", "string");
    properties.putObject("requestId").put("type", "string");
    properties.putObject("retryAfterMs").put("type", "integer");
    ObjectNode violation =
        properties.putObject("violations").put("type", "array").putObject("items");
    ObjectNode members = violation.put("type", "object").putObject("properties");
    members.putObject("field").put("type", "string");
    members.putObject("description").put("type", "string");
  }
}
