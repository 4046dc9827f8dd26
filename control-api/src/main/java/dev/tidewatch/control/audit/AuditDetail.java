package dev.tidewatch.control.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The detail of an audit record: one JSON object. */
public final class AuditDetail {
  private static final ObjectMapper JSON = new ObjectMapper();

  private AuditDetail() {}

  public static ObjectNode empty() {
    return JSON.createObjectNode();
  }

  static ObjectNode of(String name, String value) {
    return empty().put(name, value);
  }

  static ObjectNode parse(String detail) {
    try {
      return (ObjectNode) JSON.readTree(detail);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a detail of our own is JSON", e);
    }
  }
}
