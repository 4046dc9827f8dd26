package dev.tidewatch.control.gateway.syslog;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** {@code [id name="value" …][…]} of RFC 5424, section 6.3. */
final class StructuredData {
  private StructuredData() {}

  /**
   * Reads from {@code from} into {@code structured_data}; what is malformed is left to the message.
   *
   * @return where the message begins
   */
  static int read(String text, int from, ObjectNode event) {
    if (text.charAt(from) == '-') {
      return from + 1;
    }
    ObjectNode data = event.objectNode();
    int at = from;
    while (at < text.length() && text.charAt(at) == '[') {
      int end = element(text, at, data);
      if (end < 0) {
        return at;
      }
      at = end;
    }
    if (!data.isEmpty()) {
      event.set("structured_data", data);
    }
    return at;
  }

  /** The index behind the element, or -1. */
  private static int element(String text, int from, ObjectNode data) {
    int at = from + 1;
    while (at < text.length() && text.charAt(at) != ' ' && text.charAt(at) != ']') {
      at++;
    }
    String id = text.substring(from + 1, Math.min(at, text.length()));
    ObjectNode element = data.objectNode();
    while (at < text.length() && text.charAt(at) == ' ') {
      at = parameter(text, at + 1, element);
      if (at < 0) {
        return -1;
      }
    }
    if (at >= text.length() || id.isEmpty()) {
      return -1;
    }
    data.set(id, element);
    return at + 1;
  }

  private static int parameter(String text, int from, ObjectNode element) {
    int equals = text.indexOf("=\"", from);
    if (equals < 0) {
      return -1;
    }
    StringBuilder value = new StringBuilder();
    for (int at = equals + 2; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        element.put(text.substring(from, equals), value.toString());
        return at + 1;
      }
      if (c == '\\' && at + 1 < text.length() && "\"\\]".indexOf(text.charAt(at + 1)) >= 0) {
        at++;
        c = text.charAt(at);
      }
      value.append(c);
    }
    return -1;
  }
}
