package dev.tidewatch.control.gateway.syslog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ArcSight's Common Event Format: {@code CEF:0|vendor|product|version|signature|name|severity|k=v
 * …}. Extension fields keep their names; those that Sigma's firewall and proxy rules ask for come
 * under Sigma's names as well. Source: "Implementing ArcSight Common Event Format (CEF)", version
 * 26.
 */
final class Cef {
  private static final int HEADER = 7;
  private static final Pattern KEY = Pattern.compile("(?:^| )([A-Za-z0-9_.]{1,64})=");
  private static final List<String> NAMES =
      List.of(
          "device_vendor",
          "device_product",
          "device_version",
          "signature_id",
          "name",
          "cef_severity");

  private static final Map<String, String> SIGMA =
      Map.of(
          "src", "src_ip",
          "dst", "dst_ip",
          "spt", "src_port",
          "dpt", "dst_port",
          "act", "action",
          "suser", "username",
          "proto", "protocol",
          "request", "c-uri",
          "requestClientApplication", "c-useragent",
          "dhost", "dst_host");

  private Cef() {}

  /** False when the text is no CEF; then {@code event} is as it was. */
  static boolean read(String text, ObjectNode event) {
    List<String> header = new ArrayList<>();
    int at = header(text, header);
    if (header.size() < HEADER) {
      return false;
    }
    for (int i = 0; i < NAMES.size(); i++) {
      event.put(NAMES.get(i), header.get(i + 1));
    }
    extension(text.substring(at), event);
    return true;
  }

  private static int header(String text, List<String> fields) {
    StringBuilder field = new StringBuilder();
    int at = "CEF:".length();
    for (; at < text.length() && fields.size() < HEADER; at++) {
      char c = text.charAt(at);
      if (c == '|') {
        fields.add(field.toString());
        field.setLength(0);
      } else if (c == '\\' && at + 1 < text.length()) {
        at++;
        field.append(text.charAt(at));
      } else {
        field.append(c);
      }
    }
    if (fields.size() == HEADER - 1 && at == text.length()) {
      fields.add(field.toString());
    }
    return at;
  }

  /** Values hold spaces and end before the next {@code key=}; an escaped {@code \=} is no key's. */
  private static void extension(String text, ObjectNode event) {
    Matcher key = KEY.matcher(text);
    String name = "";
    int from = 0;
    while (key.find()) {
      put(event, name, text.substring(from, key.start()));
      name = key.group(1);
      from = key.end();
    }
    put(event, name, text.substring(from));
  }

  private static void put(ObjectNode event, String name, String escaped) {
    if (name.isEmpty()) {
      return;
    }
    String value =
        escaped
            .strip()
            .replace("\\=", "=")
            .replace("\\n", "\n")
            .replace("\\r", "\r")
            .replace("\\\\", "\\");
    if (!event.has(name)) {
      event.put(name, value);
    }
    String sigma = SIGMA.get(name);
    if (sigma != null && !event.has(sigma)) {
      event.put(sigma, value);
    }
  }
}
