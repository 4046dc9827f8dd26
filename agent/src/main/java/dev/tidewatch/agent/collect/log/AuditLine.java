package dev.tidewatch.agent.collect.log;

import dev.tidewatch.agent.collect.Payload;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A record of auditd: {@code type=PATH msg=audit(1795166043.120:48211): item=1 name="/etc/x" ...}.
 *
 * <p>Values stand bare, in quotes, or, where they could hold anything, as hexadecimal digits; in
 * {@code msg='...'} there are more of them. Which fields may be hexadecimal is known; others, such
 * as {@code arch=c000003e}, are not decoded.
 */
final class AuditLine {
  private static final Pattern HEAD =
      Pattern.compile(
          "(?:node=(\\S+) )?type=([A-Z_0-9\\[\\]]+) msg=audit\\((\\d+\\.\\d+):(\\d+)\\): ?(.*)",
          Pattern.DOTALL);
  private static final Pattern FIELD =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_-]*)=(\"[^\"]*\"|'[^']*'|\\S*)");
  private static final Set<String> ENCODED =
      Set.of(
          "name",
          "exe",
          "comm",
          "cwd",
          "proctitle",
          "cmd",
          "path",
          "dir",
          "key",
          "acct",
          "data",
          "watch",
          "old-name",
          "file");
  private static final Pattern ARGUMENT = Pattern.compile("a\\d+");
  private static final Pattern HEX = Pattern.compile("(?:[0-9A-F]{2})+");
  private static final int MAX_FIELDS = 512;

  private AuditLine() {}

  static Optional<Payload> parse(String line) {
    Matcher head = HEAD.matcher(line);
    if (!head.matches()) {
      return Optional.empty();
    }
    String type = head.group(2);
    Payload payload =
        new Payload()
            .put("type", type)
            .put("time", head.group(3))
            .put("serial", head.group(4))
            .put("node", head.group(1));
    Set<String> taken = new HashSet<>(Set.of("type", "time", "serial", "node"));
    fields(type, head.group(5), payload, taken);
    return Optional.of(payload.put("raw", line));
  }

  private static void fields(String type, String text, Payload payload, Set<String> taken) {
    // Behind the group separator stand auditd's own interpretations, in capitals.
    Matcher field = FIELD.matcher(text.replace('\u001d', ' '));
    while (field.find() && taken.size() < MAX_FIELDS) {
      String name = field.group(1);
      String value = field.group(2);
      if (value.startsWith("'")) {
        fields(type, unquoted(value), payload, taken);
      } else if (taken.add(name)) {
        payload.put(name, decoded(type, name, value));
      }
    }
  }

  private static String decoded(String type, String name, String value) {
    if (value.startsWith("\"")) {
      return unquoted(value);
    }
    boolean mayBeHex =
        ENCODED.contains(name) || (type.equals("EXECVE") && ARGUMENT.matcher(name).matches());
    if (!mayBeHex || !HEX.matcher(value).matches()) {
      return value;
    }
    byte[] bytes = new byte[value.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      int b = Integer.parseInt(value, 2 * i, 2 * i + 2, 16);
      bytes[i] = b == 0 ? (byte) ' ' : (byte) b;
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String unquoted(String value) {
    return value.length() < 2 ? "" : value.substring(1, value.length() - 1);
  }
}
